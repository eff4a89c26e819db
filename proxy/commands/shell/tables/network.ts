/** Sending, tunnels, listening, scans, attack tools, watching the user. The form of the lines: `../table.ts`. */
export const NETWORK = String.raw`
@ reverse-shell network/tunnel risky Opens a way into or past this machine's network
ssh : -D|-w|-R|-N* /\s-\w*[DwR]\b|\s-\w*[DwR]\s?\d/
ssh : -L|-g /\s-\w*L\s?(?:0\.0\.0\.0|\*|::):|\s-\w*g\w*\s.*-L|-L.*\s-\w*g/
ssh : -o /(?:DynamicForward|RemoteForward|Tunnel|GatewayPorts|PermitLocalCommand|ProxyCommand|LocalCommand|KnownHostsCommand)/i
ssh : -X|-Y /\s-\w*[XY]\w*\s.*(?:evil|attacker|\d+\.\d+\.\d+\.\d+)/
autossh : -R|-D|-w
sshuttle chisel ligolo-agent ligolo-proxy ligolo-ng gost frpc frps rathole bore ngrok nps npc ngrokd inlets localtunnel serveo pagekite pagekite.py jprq revsocks rpivot reGeorg neoreg suo5 iodine iodined dnscat dnscat2 dns2tcpc dns2tcpd ptunnel ptunnel-ng icmpsh icmptunnel hans udp2raw kcptun wstunnel proxytunnel earthworm venom stowaway iox fuso nkn-tunnel tuns holepunch zrok cloudflared.exe httptunnel htc hts stunnel4 stunnel : !help !version !list !completion !config !inspect
cloudflared : tunnel|access --url*|run|tcp|rdp|ssh|--hello-world|create|route|--token*
lt : -p|--port*
npx pnpx bunx yarn pnpm npm : localtunnel|ngrok|expose|untun|tunnelmole|cloudflared|instatunnel|lt|wormhole|magic-wormhole
tailscale : funnel|up|serve|set|ssh|file /\s(?:funnel|serve)\s|\sup\s.*(?:auth-?key|--ssh|--advertise|--exit-node|--login-server)|\sset\s.*(?:--ssh|--advertise|--exit-node)|\sfile\s+cp/
zerotier-cli : join|orbit
wg : set|setconf|addconf|syncconf
openvpn : --config|--remote|--up|--script-security|/\.ovpn/
ncat nc netcat socat : --proxy-type|--broker|--chat
socat : /(?:listen|recv)\S*/i /(?:tcp|udp|openssl|ssl|unix-connect|exec|system|socks)\S*:/i
simpleproxy redir rinetd portfwd 3proxy microsocks dante-server sockd tinyproxy : !--version
kubectl oc : port-forward|proxy --address*|--accept-hosts*|--disable-filter*
x11vnc vino-server krfb wayvnc teamviewer anydesk rustdesk screenconnect dwservice meshagent atera : !--version !-version !-list !-kill
xrdp sshd dropbear telnetd in.telnetd : -p|-D|-f|-F
ttyd gotty wetty shellinaboxd tmate upterm sshx warp teleconsole : !--version
code code-server : tunnel|--tunnel
code-server : /--auth[\s=]none|--bind-addr[\s=]0\.0\.0\.0/
jupyter jupyter-lab jupyter-notebook : /--ip[\s=](?:0\.0\.0\.0|\*)|--NotebookApp\.(?:token|password)=|--ServerApp\.(?:token|password)=|--allow-root/
xterm : -display|/\s-display\s/
xhost : +|/^\s\+/
node nodejs deno bun : /--inspect(?:-brk)?=(?:0\.0\.0\.0|\*)/
php : /-S\s*(?:0\.0\.0\.0|\*)/
python python3 python2 : /-m\s*(?:http\.server|SimpleHTTPServer|pyftpdlib|uploadserver|twisted|smtpd|aiosmtpd)\b/ !/--bind[\s=](?:127|localhost)|-b\s*(?:127|localhost)/
twistd twist : ftp|web|portforward|conch|telnet|socks
busybox : httpd|telnetd|ftpd|nc|tcpsvd|inetd
ruby : /-run\b.*httpd/
http-server serve live-server : /--host[\s=]?0\.0\.0\.0|-a\s*0\.0\.0\.0|\s(?:\/|~|\/etc|\/home\S*)\s/
rclone : serve|rcd|mount /\s(?:serve|rcd)\s/
vsftpd proftpd pure-ftpd in.tftpd atftpd smbd nmbd xinetd inetd : !-v !--version
rsync : --daemon

docker podman nerdctl : run|create /\s(?:--net(?:work)?[=\s]host|-p|--publish)\s/ /\s(?:socks5?|relay\+\w+|tun|redir|ss|forward\+\w+)(?:\+\w+)?:\/\/|\/(?:gost|chisel|frpc?|frps|rathole|ligolo\S*|3proxy|microsocks)(?::\S+)?\s/

@ network-send network/send-out risky Sends files or data to somewhere else
rsync : /\s(?!-)(?!(?:\.\/)?(?:dist|build|out|public|_site|site|www|htdocs)\/?\S*\s)\S+\s+(?:\S+@[\w.-]+:|rsync:\/\/|[\w-]+(?:\.[\w-]+)+:|[\w-]+::)\S*\s$/ !-n !--dry-run
rclone : copy|copyto|sync|move|moveto|rcat|bisync /\s[\w-]+:\S*\s*(?:-|$)/
rclone : delete|purge|cleanup|deletefile|dedupe|rmdirs|cryptdecode|backend|sync|bisync|move !--dry-run
rclone : config show|dump|file|password|create|reconnect /\s(?:show|dump|create)\b/
aws : s3 cp|mv|sync /\s(?!s3:|-|(?:cp|mv|sync)\s|(?:\.\/)?(?:dist|build|out|public|_site|site|www|static|assets|artifacts|coverage|docs)(?:\/|\s|\.))(?:\S+)\s+s3:\/\//
aws : s3 presign
aws : s3api put-object|upload-part|restore-object|copy-object
aws : glacier|snowball|transfer|datasync upload-archive|create*|start*
gsutil : cp|mv|rsync /\s(?!gs:|-|(?:cp|mv|rsync)\s)\S+\s+gs:\/\//
gcloud : storage cp|mv|rsync /\s(?!gs:|-|(?:cp|mv|rsync)\s)\S+\s+gs:\/\//
gcloud : compute scp|copy-files
gsutil gcloud : signurl|sign-url
az : storage upload|upload-batch|sync|generate-sas|copy /\s(?:blob|file|fs|directory|container|account|azcopy)\s/
azcopy : copy|cp|sync|c|s|remove|rm
s3cmd s4cmd s5cmd : put|sync|cp|mv|del|rm|rb|setacl|signurl|pipe
s5cmd : cp|mv|rm|sync
mc mcli : cp|mirror|mv|pipe|put|share|anonymous|policy|rb|rm|admin
b2 : upload*|sync|file|bucket|delete*|create-key|hide-file /\s(?:upload\S*|sync|delete\S*|file\s+upload|create-key)\s/
ossutil ossutil64 coscmd coscli obsutil qshell bce-cmd : cp|sync|put|upload|fput|rm|delete|rput|qupload
swift : upload|delete|post
linode-cli : obj put|rb|del|setacl
doctl : spaces|registry|serverless put|upload|deploy
gdrive drive skicka gdrive3 : upload|push|sync|import|share|update|files /\s(?:upload|push|share|import)\b/
dropbox_uploader dropbox_uploader.sh dbxcli onedrive onedrive-cli megaput megacopy mega-put mega-export mega-sync mega-share icloud_photos : !download !list !ls !--version !--help !get
ipfs : add|pin|name /\sadd\s|\sname\s+publish/
ffsend transfer transfer.sh wormhole magic-wormhole croc portal-send sendme onionshare onionshare-cli bashupload zget zput toss filepush termshare qr-filetransfer localsend : !receive !recv !--version !version !list !-V
magic-wormhole wormhole : send|tx|ssh
pastebinit wgetpaste pastebin gist fpaste haste hastebin dpaste pbin termbin nopaste sprunge pb.sh privatebin : !-l !--list !-h
http https xh xhs httpie : /\s(?:POST|PUT|PATCH)\s.*(?:@|<)|\s\S+(?:@|=@|:=@)[\w.\/~-]+|\s@\S+/ !/localhost|127\.0\.0\.1/
http https xh xhs : DELETE|PUT
ftp ncftpput ncftp lftp tnftp curlftpfs wput : /put|mirror\s+-\w*R|-R\b|send/
ncftpput wput
lftp : /\b(?:m?put|mirror\s+.*(?:-R|--reverse)|rm\s+-r|rm)\b/
sftp psftp : -b
tftp atftp : put|-p|--put
smbclient smbput : put|mput|/-c\s.*(?:put|del|rm|tar|recurse)/
smbput
uucp uuto rcp : /!|:/
mail mailx mutt neomutt s-nail sendmail swaks msmtp ssmtp heirloom-mailx sendemail smtp-cli email mpack bsd-mailx nail esmtp blat : --attach|--attach*|-A /\s(?:--?attach\S*|-A)\s/ /@/
mutt neomutt : -a /@/
dig nslookup host drill kdig delv : /\uFFFC/
ping ping6 fping hping3 nping : -p|--data*|--data-string|-e|--file|--sign /\s-(?:p|e)\s*[0-9a-f\uFFFC]{2,}|--data|--file|--sign|\uFFFC\.\S/
ping ping6 fping : /\uFFFC\S*\.\w/
ping : -f|--flood /\s-\w*f\b/
whois finger : /\uFFFC/
wget curl : /https?:\/\/\S*\uFFFC/ /\uFFFC\S*/ !/\uFFFC\S*(?:\.(?:tar|tgz|zip|gz|sh|deb|rpm|json|txt|git|ya?ml)|linux|darwin|amd64|x86_64|arm64)|\/releases?\/|\/v\uFFFC|github\.com|localhost|127\.0\.0\.1/ /webhook|\?|collab|exfil|evil|attacker|oast|ngrok|requestbin|burp|interact|dnslog|\d+\.\d+\.\d+\.\d+|c2\b/
logger : /-n\s|--server/
slackcat discord.sh discord-webhook pushover matrix-commander signal-cli mattermost tg : /send|-f\s|--file|publish|push|upload|\S/
redis-cli : --pipe|-h* slaveof|replicaof|migrate
websocat : /ws{1,2}:\/\/(?!localhost|127\.)/ 
scp : /\s-\w*3/
docker podman : push|copy /\s(?:push|copy)\s.*(?:evil|attacker|\d+\.\d+\.\d+\.\d+)/

twurl : -d|--data|-X /\s-d\s|POST|upload/
toot : post|upload|delete|block|mute

nc ncat netcat nc.traditional nc.openbsd telnet socat : /\b(?:flush_all|flushall|flushdb|shutdown|CONFIG SET|SLAVEOF|REPLICAOF|DROP |DELETE |kill|quit!|stop|MODULE LOAD)\b/i
curl wget http xh : /:(?:2375|2376|10250|10255)\b/

@ network-send network/attack risky Scans, floods, listens in on or attacks other machines
nmap zmap masscan rustscan unicornscan zgrab zgrab2 naabu nbtscan arp-scan netdiscover enum4linux enum4linux-ng smbmap smbclient.py crackmapexec nxc netexec cme rpcclient onesixtyone snmp-check nikto gobuster feroxbuster dirb dirsearch wfuzz ffuf wpscan joomscan droopescan nuclei sqlmap sqlninja xsstrike commix dalfox jaeles openvas gvm-cli nessuscli skipfish arachni vega w3af : !/\s(?:127\.0\.0\.1|localhost|::1)\s/ !--version !--script-help* !--iflist
nmap : --script* /--script[\s=]\S*(?:brute|exploit|vuln|dos|intrusive|malware)/
hydra xhydra medusa ncrack patator crowbar thc-hydra brutespray john hashcat ophcrack rcrack l0phtcrack fcrackzip pdfcrack aircrack-ng airmon-ng airodump-ng aireplay-ng airbase-ng airdecap-ng wifite reaver bully pixiewps hcxdumptool hcxpcapngtool kismet wifiphisher eaphammer fluxion mdk3 mdk4 cowpatty besside-ng asleap : !--show !--list !--version !--test !--status !-b !--benchmark
msfconsole msfvenom msfdb msfcli armitage setoolkit beef-xss empire powershell-empire sliver sliver-server sliver-client cobaltstrike havoc mythic-cli poshc2 covenant merlin pupysh koadic villain hoaxshell weevely metasploit exploitdb veil shellter unicorn.py routersploit rsf pwncat pwncat-cs evilginx evilginx2 gophish king-phisher zphisher blackeye socialfish modlishka
responder Responder.py ntlmrelayx.py ntlmrelayx impacket-ntlmrelayx impacket-secretsdump secretsdump.py impacket-psexec psexec.py wmiexec.py smbexec.py atexec.py dcomexec.py GetNPUsers.py GetUserSPNs.py ticketer.py mimikatz mimipenguin lazagne LaZagne laZagne.py kerbrute rubeus certipy bloodhound bloodhound-python sharphound ldapdomaindump pywhisker petitpotam coercer evil-winrm chisel pspy pspy64 linpeas linpeas.sh linenum.sh LinEnum.sh linux-exploit-suggester.sh les.sh unix-privesc-check lse.sh beroot traitor deepce.sh peirates kube-hunter amicontained botb pacu scoutsuite cloudfox pwndrop dirtycow dirtypipe pwnkit gtfonow suid3num procdump pypykatz dumpert nanodump handlekatz gsecdump fgdump pwdump cachedump hashdump creddump7 hackbrowserdata hack-browser-data chromelevator sharpchrome donpapi dploot
ettercap bettercap arpspoof dnsspoof dnschef mitmf sslstrip sslsplit yersinia dsniff mailsnarf urlsnarf msgsnarf webspy filesnarf driftnet ngrep tcpflow ssldump p0f netsniff-ng justniffer : !--version !-v
tcpdump tshark dumpcap wireshark snoop : -w|-z|/(?:password|passwd|cookie|authorization|port\s+(?:21|23|80|110|143|3306|5432))|-A\b|-X\b|--export-objects/
hping3 hping hping2 slowloris slowloris.py slowhttptest goldeneye goldeneye.py hulk hulk.py loic torshammer t50 mausezahn mz dos.py xerxes pyloris ufonet thc-ssl-dos bonesi trafgen ddosify : !--version
hping3 nping : --flood|--rate*
ab siege wrk wrk2 hey bombardier vegeta oha k6 autocannon boom : /(?:-c|-t|--connections|--concurrent|-n|--requests|--users|-u)[\s=]?\d{3,}/ !/localhost|127\.0\.0\.1|\s:\d/
iperf iperf3 : /-b\s*(?:0|\d+G)/ -u
nc ncat netcat nc.traditional nc.openbsd : /\s\d+-\d+\s/
nc ncat netcat nc.traditional nc.openbsd : -l|--listen|-lvp|-lvnp|-lp
scapy : !-h
usbkill badusb hidattack duckyinator
aircrack airgeddon wifipumpkin3 hostapd-wpe hostapd-mana
hcitool l2ping bluesnarfer : -f|cc|dc

@ secret-read secret/watch risky Watches the user: the screen, the camera, the microphone, the keys
screencapture : -x|-T /-x|\/tmp\//
scrot maim grim gnome-screenshot spectacle flameshot xwd fbgrab fbcat shutter : /\/tmp\/|\/dev\/shm|-d\s*\d|--delay|-b\s.*-n|\|/
xwd : -root
import : -window root
ffmpeg avconv gst-launch-1.0 : /x11grab|avfoundation|kmsgrab|fbdev|v4l2|dshow|gdigrab|\/dev\/video|-f\s*(?:alsa|pulse)\s|ximagesrc|v4l2src/
arecord parecord parec pw-record sox rec : /\/tmp\/|\/dev\/shm|-d\s*\d{3,}/ !--list-devices !-l !-L
rec : !--version
fswebcam imagesnap streamer uvccapture webcamsnap : !--list !-l
logkeys xspy keysniffer lkl uberkey xkeylogger simple-key-logger showkey keylogger pykeylogger : !-h
xinput : test|test-xi2|disable|float
evtest evemu-record libinput : /\/dev\/input|debug-events|record/
xdotool : key|type /(?:sudo|passw|ctrl\+alt\+(?:t|F\d)|super)/

cat xxd od hexdump dd strings : /\/dev\/(?:input\/|hidraw|video\d|snd\/|audio|vcs|uinput)/
xsel xclip wl-paste pbpaste : --watch|-w
termux-camera-photo termux-sms-list termux-contact-list termux-location termux-microphone-record termux-call-log
adb : pull|backup|shell|disable-verity /\s(?:backup|disable-verity)\s|shell\s+(?:rm|pm\s+(?:uninstall|clear|disable|grant)|settings\s+put|input|screencap|screenrecord|dumpsys|am\s+(?:start|force-stop)|su|content|wipe|recovery|svc|reboot|dd|cmd)\b|pull\s+\/(?:data|sdcard)/
fastboot : flash|erase|format|oem|flashing|-w|boot|update|flashall|wipe-super
ideviceinfo idevicebackup2 idevicecrashreport : backup|restore|unback|erase
`;
