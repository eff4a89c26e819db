/** Logs, histories, auditing, firewalls, protection programs, traces, what starts by itself. The form of the lines: `../table.ts`. */
export const DEFENCES = String.raw`
@ service shell/security-off risky Turns a protection of the machine off or loosens it
setenforce : 0|Permissive|permissive
semanage : permissive|login|boolean|module -a|-m|-d|--add|--delete|--modify|-D|--disable
setsebool
semodule : -i|-r|-d|-R|-u|-B|--remove|--disable|--install
apparmor_parser : -R|-C|--remove|--Complain
aa-disable aa-teardown aa-complain aa-remove-unknown
ufw : ^disable|reset
ufw : default allow
ufw : allow from any
ufw : allow|insert /\s(?:any|0\.0\.0\.0\/0)\b|\s(?:22|23|3389|445|5432|3306|6379|27017|2375|9200|4444|5900)(?:\/tcp)?\s/
ufw : logging off
iptables ip6tables : -F|--flush|-X|-P|--policy|-D|--delete|-Z
iptables ip6tables : /-t\s*(?:nat|mangle)\s/ -A|-I
iptables ip6tables : -I|-A|--insert|--append /-j\s*ACCEPT\b/ !--dport|--sport|--dports
iptables ip6tables : /\s(?:OUTPUT|FORWARD)\s.*-j\s*(?:DROP|REJECT)|-A\s+INPUT\s+-j\s*(?:DROP|REJECT)/
iptables ip6tables : -I|-A /--dport\s+(?:22|4444|1337|31337|5432|3306|6379|2375)\b/
iptables-restore ip6tables-restore nft : -f|flush|delete|destroy|reset /\s(?:-f|flush|delete|destroy|reset)\s/
nft : flush|destroy|reset|delete
firewall-cmd : --panic-on|--panic-off|--zone=trusted*|--set-default-zone=trusted|--remove-rich-rule*|--add-masquerade|--add-forward-port*|--direct|--set-default-zone|--remove-service*|--complete-reload
firewall-cmd : --add-port*|--add-service*|--add-source*|--add-rich-rule*
ipset : destroy|flush
ebtables arptables : -F|-X|-P
pfctl : -d|-F|-f
ipfw : flush|disable|delete|-f
socketfilterfw : --setglobalstate|--setblockall|--add|--unblockapp|--setstealthmode|--setallowsigned*|--setloggingmode /off|--add|--unblockapp|--setallowsigned/
spctl : --add|--remove|--disable|--enable|--master-disable|--global-disable|--reset-default|kext-consent|developer-mode
tccutil : reset
csrutil : disable|authenticated-root
xattr : -d|-c /quarantine|provenance|\s-\w*c/
fail2ban-client : stop|unban|--unban|addignoreip|flushlogs
crowdsec cscli : decisions|scenarios|bouncers|machines|parsers delete|remove|purge
clamscan clamdscan : --remove* /\s(?:\/|~|\/home\S*|\/etc\S*|\/usr\S*|\/var\S*)\s/
freshclam : --stop
rkhunter : --propupd
tripwire : --update|--init|-m
aide : --update|--init
mdatp : config|exclusion|threat disabled|add|allow|restore|--value|off|clear
falconctl falcon-sensor : -d|-s|unload|uninstall|stop|--cid*
sentinelctl : unload|stop|disable|unprotect|config
osqueryctl : stop|clean
wazuh-control : stop|disable
auditctl : -D|-e|-d|-W|-b|-f|-r /\s(?:-D|-d|-W)\s|-e\s*0|-[bfr]\s*0/
augenrules : --load
autrace : -r
auditd auditbeat filebeat : stop

sysctl : /(?:randomize_va_space|ptrace_scope|kptr_restrict|dmesg_restrict|core_pattern|modprobe|ip_forward|forwarding|rp_filter|accept_redirects|accept_source_route|syncookies|icmp_echo|unprivileged_\w+|suid_dumpable|panic|sysrq|modules_disabled|protected_\w+|drop_caches|overcommit_memory|tcp_timestamps)\s*=?/ -w|/=/
sysctl : -w
modprobe : /\s(?:evil|rootkit|diamorphine|reptile|\S*\/\S+|-r|--remove|-f|--force\S*)\s/
modprobe : -r|-f|--remove|--force*
modprobe : /\.ko\b|\s\S*(?:rootkit|evil|hack|backdoor|keylog)\S*/i
insmod rmmod
bpftool : prog|map|net|cgroup load|attach|detach|pin|delete|loadall
ttysnoop ttysnoop-bpfcc
bpftrace stap dtrace : -e|-n /read|write|exec|tty|uprobe|syscall|connect|ssl/i
tcpkill tcpnice cutter killcx

@ history shell/clear-log risky Deletes or falsifies logs or traces
journalctl : /--vacuum-(?:size|time|files)[\s=]*[01]\w?\s|--vacuum-time[\s=]*\d+\s?(?:s|sec|seconds?|m|min|minutes?|h|hours?)\s|--vacuum-size[\s=]*\d{1,2}[KM]?B?\s/
journalctl : --rotate --vacuum*
lastlog : --clear|-C|--set|-S
log : erase|config
wevtutil : cl|clear-log|sl
logger : /-n\s|--server|--file|-f\s|-p\s*auth|-p\s*kern|-t\s*(?:sshd|sudo|su|kernel|CRON)\b/
history : -c|-d|clear
history : delete --all|--exact|--prefix|--contains
fc : -p /dev/null
atuin : history|store prune|purge|delete|rekey
clear_history Clear-History
dmesg : -C|-c|--clear|--read-clear|-D|--console-off|-n
utmpdump : -r|--reverse
faillog : -r|--reset
wtmpclean logtamper utmpclean
: -f

conntrack : -F|--flush

rsyslogd : -N
savelog : -t
postsuper : -d
exim : -Mrm|-Mf|-Mg
postqueue : -f

@ history shell/timestomp risky Falsifies the time of a file
touch : /\s(?:-\w*[trd]|--date|--reference|--time)\b/ /\s(?:\/(?!tmp\/)|~|\S*(?:evil|payload|backdoor|shell|exploit|\.so|\.elf|rootkit)\S*)/
touch : -r|--reference* /\s(?:-\w*r|--reference)[\s=]*\/(?:bin|usr|etc|sbin|lib|boot)\//
touch : /-\w*t\s*(?:19|200)\d+|-\w*d\s*['"]?(?:19\d\d|200\d|1 jan|\d+ (?:years?|months?) ago)/i
SetFile : -d|-m
debugfs : /set_inode_field|\bsif\b|clri|\brm\b|kill_file|write|unlink/ -w
exiftool : /-FileModifyDate|-AllDates/ /\s(?:\/|\S*(?:evil|payload)\S*)/
timestomp

@ persistence shell/starts-by-itself risky Makes something run by itself later
fcrontab incrontab : !-l !--list
anacron : -f|-n
crontab : -r|-i /\s-\w*r/
at batch : -f
launchctl : load|bootstrap|submit|setenv|enable|kickstart /\.plist|submit|setenv|\/tmp\/|~\//
systemctl : ^link|edit !--user
systemctl : ^enable|start|reenable|preset /\s(?:\S*\/\S+|\S*(?:backdoor|evil|payload|implant|malware|persist|reverse|beacon|hidden|\.timer|update-check|sysupdate)\S*)\s/
systemd-run : --on-*|--timer-property*|-p|--unit*|--uid*|--user|--scope|-t|--pty|--shell|-S
systemctl : --user enable|link
chkconfig update-rc.d : --add|defaults
crudini : --set|--del /\s\/etc\//
augtool : /\bset\b|\brm\b|\bins\b/
run-parts : /\s\/(?:tmp|home|dev\/shm)/
udevadm : control|trigger --reload*|--property*|-p
direnv : allow|permit|grant /\s(?:\/tmp|~\/Downloads|\.\.)\S*/
defaults : write /loginwindow|LoginHook|com\.apple\.(?:loginitems|security|alf|Terminal)|SoftwareUpdate|LSQuarantine|screensaver|Gatekeeper|askForPassword|GuestEnabled|DisableLibrary|LaunchServices|CrashReporter|NetworkBrowser|\/Library\/Preferences/i
code codium cursor windsurf code-insiders : --install-extension /\.vsix|http|\/tmp\//
gsettings dconf : /org\.gnome\.(?:desktop\.(?:lockdown|screensaver|privacy)|settings-daemon\.plugins\.media-keys|system\.proxy)|autostart/ set|write|reset
dconf : reset -f /
gconftool-2 kwriteconfig5 : --recursive-unset

setx : PATH|Path
schtasks : /create|/change|/delete|/Create
reg : add|delete|import|save|restore|unload|load
bcdedit : /set|/delete|/deletevalue|/create
wmic : process|shadowcopy|product|service call|delete|create|uninstall
screen tmux : -dm|-dmS|-d|new-session|new /\s(?:\/tmp\/|\/dev\/shm\/|\/var\/tmp\/|~?\/\.)\S*\s/
nohup setsid daemonize : /\s(?:\/tmp|\/dev\/shm|\/var\/tmp)\/\S*/
start-stop-daemon : --start|-S
ldconfig : /\s(?:-f|-C|\/tmp\/\S*|\/home\/\S*|\/dev\/shm\S*)\s/
patchelf : --add-needed|--set-interpreter|--replace-needed|--set-rpath /\s(?:\/(?:usr|bin|sbin|lib)|\/tmp)\S*/
patchelf : --add-needed
binfmt_miscupdate-binfmts : --install|--disable

@ persistence shell/trust risky Makes the machine trust another certificate authority
trust : anchor
update-ca-certificates update-ca-trust : !--help !-h
security : add-trusted-cert|add-certificates|remove-trusted-cert|import|trust-settings-import|delete-certificate
certutil : -A|-M|-D|-addstore|-delstore /-t\s*['"]?\S*C|-addstore|-delstore|-D/
keytool : -import|-importcert|-delete|-storepasswd|-importkeystore /cacerts|-noprompt|-delete|trustcacerts/
mkcert : -install|-uninstall
dpkg-reconfigure : ca-certificates
step : ca|certificate bootstrap|install
caddy : trust|untrust
dotnet : dev-certs --trust|--clean
`;
