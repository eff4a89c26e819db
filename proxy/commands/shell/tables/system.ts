/** Accounts, permissions, services, power, schedules, start-up, the machine's own settings. The form of the lines: `../table.ts`. */
export const SYSTEM = String.raw`
@ permission shell/permission-wide risky Changes who may do what to files that matter
chmod : --reference=* /\s\/(?:etc|usr|bin|sbin|lib|boot|root|var)\b|\s~/
chmod : /\s(?:-R|--recursive)\s.*\s(?:\/|~|\/(?:etc|usr|bin|lib|var|home|opt|root|boot|srv)\/?|\/home\/\S+)\s/
chattr : -R|--recursive
chattr : /\s[-+]\w*[ai]/ /\s(?:\/|~)/
chflags : /noschg|nouchg|schg|uchg|restricted/ /\s(?:\/|~|-R)/
setfacl : /\s(?:-\w*[mMbRkxX]|--modify|--set|--remove-all|--restore)/ /\s(?:-\w*R|--recursive|--remove-all|-\w*b)\s|\s\/(?:etc|usr|bin|root|home|var|boot|lib)?\b/
setfacl : /(?:other|o|user:nobody|u:nobody|user:www-data|u:www-data|o):?:?\S*w/
setfattr : /security\.|trusted\./
chcon : -R|--recursive|/\s\/(?:etc|usr|bin|var)/
restorecon : -F
nfs4_setfacl setfacl.nfs4 : -R
umask : /^\s0?00[0-3]?\s$|^\s0\s$|a=rwx|u=rwx,g=rwx,o=rwx/
chroot : /\s\/(?:host|mnt|rootfs|proc)/
cacls takeown

@ privilege account/change risky Changes accounts or what they may do
groupadd groupmod : /-\w*g\s*0\b/
groupadd groupmod : -o|--non-unique
chsh usermod : /\s(?:-s|--shell)[\s=]+\S*(?:false|nologin|\/tmp\/|\/dev\/shm)\S*/
chsh : /\s(?:root|daemon|www-data|nobody|mysql|postgres)\s/
chage : -E|-I|-M|--expiredate|--inactive|--maxdays
dseditgroup : -o edit|create|delete
dsenableroot
dscl : -create|create|-append|append|-passwd|passwd|-delete|delete|-change|change|-merge|merge
sysadminctl : -addUser|-deleteUser|-resetPasswordFor|-newPassword|-secureTokenOn|-secureTokenOff|-guestAccount|-autologin|-screenLock
pwpolicy : -disableuser|-setpolicy|-setaccountpolicies|-clearaccountpolicies|disableuser|clearaccountpolicies
pam-auth-update : --force|--enable|--remove|--disable
authconfig authselect : --updateall|select|disable-feature|opt-out|--disable* /select|disable|opt-out|updateall/
faillock : --reset
pam_tally2 : --reset|-r
loginctl : enable-linger|terminate-user|kill-user
newusers chpasswd chgpasswd
passwd : -d|-u|-l|--delete|--unlock|--lock|-S|-e /\s(?:-d|-u|-l|-e|--delete|--unlock|--lock|--expire)\b/
passwd : root
usermod : -p|--password|-L|-U|-e|-aG|-G|-u|-o|--lock|--unlock|--groups|--append|-l|-d|-m
userdel deluser groupdel delgroup
useradd adduser : -G|-g|-o|-u|-p|-r|--non-unique|--groups|--system|--disabled-password|-s
gpasswd : -a|-M|-A /\s(?:sudo|wheel|root|admin|docker|lxd|disk|shadow|adm|kvm)\s/
pwck grpck : -s
pwunconv grpunconv
vipw vigr : !-h
newgrp sg : docker|root|wheel|sudo|adm|disk|lxd|shadow|kvm
realm : leave|deny|permit
adcli : delete-computer|join|reset-computer
kadmin kadmin.local : /(?:delprinc|delete_principal|addprinc|add_principal|cpw|change_password|ktadd|modprinc)/
samba-tool : user|group|domain delete|add|create|setpassword|demote|addmembers|disable|enable
smbpasswd pdbedit : -a|-x|-d|-e|-n|--create|--delete
ipa : user-del|user-add|group-add-member|passwd|host-del|user-disable|*-del
ldappasswd ldapadd ldapmodrdn
ssh-keygen : -p -N
ssh-keygen : -p
sss_override sss_cache : user-add|-E|--everything
security_authtrampoline
security : authorizationdb write|remove
security : set-keychain-password|set-key-partition-list|delete-keychain|unlock-keychain|delete-*|set-generic-password-partition-list|authorize

@ service shell/service-stop risky Stops or takes away services of the machine
systemctl : ^set-default|revert|switch-root|rescue|emergency|isolate|soft-reboot|exit|kexec !--user !/--when[\s=]cancel/
systemctl : ^stop|disable|mask|kill /\s(?:\*|'\*'|\*\.service|\S*\.target|ssh|sshd|dbus|docker|containerd|cron|crond|rsyslog|NetworkManager|networking|network|mysql|mysqld|mariadb|postgresql\S*|nginx|apache2|httpd|redis\S*|mongod|kubelet|systemd-\S+|chronyd?|ntpd?|named|bind9|haproxy|sssd|libvirtd|polkit|udev|wazuh-agent|elastic-agent|filebeat|auditbeat|osqueryd|datadog-agent|snapd|unattended-upgrades|apt-daily\S*|dnf-automatic\S*|backup\S*)(?:\.service|\.socket|\.timer)?\s/
ssh sshd auditd rsyslog cron nginx apache2 postgresql networking iptables ufw firewalld apparmor fail2ban syslog : ^stop|disable
rc-update : del|delete|-d
sv : down|d|exit|x|kill|force-stop|force-shutdown|stop
s6-svc : -d|-k|-D
svcadm : disable|-t
initctl stop : ^stop
supervisorctl : stop|shutdown|remove|clear all|shutdown
supervisorctl : shutdown
pm2 : ^delete|del|kill|stop all|kill|0
pm2 : kill
forever : stopall|cleanlogs
monit : stop|unmonitor|quit
launchctl : unload|bootout|remove|disable|kill|stop|kickstart /com\.apple|\/System\/|crowdstrike|falcon|jamf|sentinel|osquery|santa|little.?snitch|lulu|malware|defender|alf\b|cylance|carbon/i
launchctl : unload|bootout|remove|disable|kill|stop /\uFFFC/
systemctl service : stop|disable|mask|kill /\uFFFC/
launchctl : reboot|userspace|attach|limit|setenv|config|asuser|plist /\s(?:reboot|setenv|config|limit|attach)\b/
launchctl : unload|bootout -w|system/*|gui/*
brew : services stop --all
fuser : -k|--kill !/\d{4,}\/(?:tcp|udp)/
swaymsg i3-msg : exit
killall5
loginctl : poweroff|reboot|halt
pmset : sleepnow|shutdown|restart|schedule /shutdown|sleepnow|restart/
osascript : /shut ?down|restart|log ?out|tell app\S* (?:"|')?Finder(?:"|')? to (?:delete|empty)/i
ipmitool : chassis|power|mc power|off|cycle|reset|bootdev|warm|cold
ipmitool : user|lan|sol set|disable|priv
racadm : serveraction|racreset|set|jobqueue
stonith_admin fence_ipmilan crm_node : -B|-F|-R|reboot|off
pcs crm : cluster|resource|node stop|destroy|delete|standby|kill|disable|ban
drbdadm : down|secondary|disconnect|invalidate|wipe-md|create-md|outdate|detach
cgdelete cgexec.kill
systemd-cgtop.kill
acpi_call
nut upscmd upsmon : -c|fsd|shutdown*|load.off*
telinit init : /^\s[0-6sS]\s/
kexec
renice : /\s-p\s*1\s|\s1\s$/
ulimit : /\s-\w*[nuvt]\s+(?:0|1|2)\s/
prlimit : /--\w+=(?:0|1)\b/
stress stress-ng : /--(?:cpu|vm|hdd|io|fork|matrix|all)[\s=]?(?:0|[1-9]\d+)\s|-[cm]\s*(?:0|\d{2,})\s|--all|--class|--fork|(?:100|9\d)%|\d{2,}G/
yes cat : /^\s(?:\/dev\/(?:zero|urandom|random|full)\s)+$/
tail : /\s\/dev\/(?:zero|urandom|random)\s/
kill : /\s-(?:9|KILL|STOP|TERM|s\s?\w+)?.*\/proc\//
codesign : --remove-signature
codesign : --force|-f /\s(?:\/Applications|\/System|\/usr|\/Library|\S+\.app)\b/ /-s\s*-\s/
kdevtmpfsi kinsing kthreaddk sysupdate networkservice watchbog xmrig xmrig-notls xmr-stak minerd cpuminer cpuminer-multi cgminer bfgminer ethminer t-rex nbminer phoenixminer lolminer teamredminer nanominer claymore gminer randomx-cli ccminer sgminer srbminer-multi xmr-stak-cpu kawpowminer nheqminer

@ service shell/kill-service risky Kills programs that others depend on
pkill killall : /\s(?:sshd?|systemd\S*|dbus\S*|init|launchd|WindowServer|Finder|loginwindow|Dock|Xorg|Xwayland|gdm\S*|gnome-shell|kwin\S*|plasmashell|sway|hyprland|dockerd|containerd|kubelet|k3s|nginx|apache2|httpd|caddy|haproxy|mysqld?|mariadbd?|postgres|postgresql|postmaster|mongod|redis-server|memcached|rabbitmq\S*|beam\.smp|elasticsearch|cron|crond|rsyslogd|syslogd?|journald|auditd|NetworkManager|wpa_supplicant|dnsmasq|named|bind9|firewalld|falco|falcon\S*|osqueryd|clamd|crowdsec|fail2ban\S*|wazuh\S*|sssd|cupsd|mds|cfprefsd|securityd|ssh-agent|gpg-agent|tmux\S*|screen|vault|consul|etcd|kube-\S+|zookeeper|kafka|supervisord|pm2|php-fpm\S*|gunicorn|uwsgi|unicorn|puma|sidekiq|celery)\s/i
pkill killall : /\s(?:-u|-U|--euid|--uid|--user|-g|--group|-t|--terminal)[\s=]?\S+/
pkill : /\s-(?:9|KILL|SIGKILL)\s(?:-f\s)?['"]?\.\*?|\s-f\s+['"]?(?:\/|\.|\*|[a-z])['"]?\s*$|\s-v\s/
kill : /\s-(?:9|KILL|SIGKILL|STOP|s\s?KILL)\s.*\s?(?:1|-1|0)\s$/

@ admin shell/machine-setting risky Changes a setting of the machine
scutil : --set
systemsetup : -setremotelogin|-setremoteappleevents|-setstartupdisk
nvram : /\s\S+=\S/
nvram : -c|-d
mdutil : off -i
systemctl initctl : emit shutdown|halt
csrutil : disable|authenticated-root|clear
bless : --setBoot|--mount|--folder
kextload kextunload kextutil kldload kldunload
kmutil : load|unload|install
systemextensionsctl : uninstall|developer|reset
profiles : install|remove|-I|-R|renew|-D
jamf : removeFramework|removeMDM*|manage|unmanageComputer
fdesetup : disable|removerecovery|add|remove|changerecovery|authrestart|enable
firmwarepasswd : -setpasswd|-delete|-setmode
startosinstall : --eraseinstall|--agreetolicense
softwareupdate : /\s(?:-\w*i\w*|--install)\s/ /\s(?:-\w*R\w*|--restart)\s/
softwareupdate : --schedule|--ignore|-i|--reset-ignored /--schedule\s+off|--ignore|--reset-ignored/
grub-set-default grub2-set-default grub-reboot grub2-reboot grubby extlinux lilo : !--info* !--default-kernel
grub-install grub2-install
grub2-mkconfig grub-mkconfig : -o /\/boot/
efibootmgr : -o|-B|-b|-c|-n|-O|-N|-a|-A|--create|--bootorder|--delete*|--bootnext
efivar chattr.efi : -w|--write
bootctl : remove|install|set-default|set-oneshot|set-timeout|unlink|random-seed|reboot-to-firmware
update-initramfs : -d
kernel-install : remove|add
flashrom : -w|-E|--write|--erase
fwupdmgr fwupdtool : install|downgrade|reinstall|switch-branch|install-blob
esptool.py esptool : erase_flash|erase-flash|erase_region
mokutil : --disable-validation|--import|--delete|--reset|--import-hash
sbctl : reset|rotate-keys
tpm2_clear tpm2_changeauth tpm2_evictcontrol tpm2_takeownership tpm_clear tpm_takeownership
efitool efi-updatevar sign-efi-sig-list
setpci : /=/
wrmsr
devmem devmem2 : /\s0x\w+\s+\w+\s+\S/
kpatch livepatch canonical-livepatch : load|unload|disable|install|uninstall
dkms : remove|install|add
date : /\s(?:-s|--set)(?:=|\s)\S/
date : /^\s\d{8,12}(?:\.\d\d)?\s$/
hwclock : --set
timedatectl : set-time|set-local-rtc
timedatectl : set-ntp false|0|no
chronyc : settime|makestep|offline|manual|delete|burst /\s(?:settime|manual|offline|delete)\b/
raspi-config : nonint do_*
debconf-set-selections dpkg-reconfigure : /\/passw|openssh|unattended|grub|mysql|postfix/
dpkg-divert dpkg-statoverride : --add|--remove|--divert
update-alternatives alternatives : --remove-all
update-alternatives alternatives : --install|--set|/\/tmp\/|\/home\/|\/dev\/shm|~\// /\s(?:\/tmp|\/home|\/dev\/shm|~|\/var\/tmp)\//
update-crypto-policies : --set
xhost : +
xhost : /\+/
xauth : merge|add|nmerge|extract
nmcli : networking off
nmcli : radio|r all|wifi off
nmcli : connection|con|c delete|del|down|modify|mod|import|load
nmcli : device|dev|d disconnect|delete
ifconfig : down|hw|promisc|/\s\d+\.\d+\.\d+\.\d+/
ifdown : !-h
ip : link|l set|delete|del|add down|address|promisc|name|master|delete|dummy|type
ip : address|addr|a flush|del|delete
ip : route|r|ro flush|del|delete|replace|change|add default|flush|table|0.0.0.0/0|blackhole|unreachable|prohibit
ip : route|r flush
route : del|delete|flush|-f|/add\s+(?:-net\s+)?(?:default|0\.0\.0\.0)/
arp : -s|-d|-S
brctl : delbr|delif
ethtool : -E|--flash|-f|--reset
tc : qdisc|filter|class add|replace|change|del|delete
netplan : apply|set
networkctl : down|delete
networksetup : -set*|-remove*|-delete*|-create*
networksetup : -setdnsservers|-setwebproxy|-setsecurewebproxy|-setsocksfirewallproxy|-setautoproxyurl|-setnetworkserviceenabled|-setairportpower|-setproxyautodiscovery
resolvectl systemd-resolve : dns|domain|dnssec|revert|default-route|dnsovertls|--set-dns* /\s(?:dns|domain|dnssec|dnsovertls|default-route)\s+\S+\s+\S|--set-dns/
iw iwconfig : mode|txpower|monitor|set /monitor|txpower\s+off/
airport : -z
wpa_cli : remove_network|disable_network|disconnect
hciconfig : down|reset
usbguard : allow-device|disable|remove-rule|set-parameter
`;
