/** Where credentials lie and how they are got at. The form of the lines: `../table.ts`. */
export const SECRETS = String.raw`
@ secret-read secret/revealed risky Shows or exports credentials
pass gopass passage : ^show|git|export|edit|cp|mv|rm|insert|generate|grep|find /\s(?:show|-c|grep)\s|git\s+(?:push|remote)|\srm\s/
pass gopass passage : ^show|-c|--clip|grep|rm|delete|cat
gopass : ^cat|otp|export|audit|sync|binary|fscopy|grep
pass gopass : /^\s(?!ls|list|init|git\s|--|-v|-h|help|version|find|search|generate|insert|edit|mv|cp|otp\s+(?:add|insert|append|validate|uri))[\w@.-]+\/[\w@.\/-]+\s$/
op : read|inject|run|signin|item|document|account|vault|user|group|service-account|whoami|events-api|connect /\s(?:read|inject)\s|\sitem\s+(?:get|delete|edit|share|list\s.*--format|template)|document\s+(?:get|delete)|(?:vault|user|group)\s+(?:delete|edit|suspend)|service-account\s+create|connect\s+(?:token|server)|account\s+forget|signin\s+--raw/
bw : get|export|list|unlock|delete|send|serve|restore|sync /\s(?:get\s+(?:password|item|totp|notes|attachment|username|exposed|template)|export|list\s+items|unlock\s.*--raw|delete|serve|send)\b/
rbw : get|code|unlock|history|remove|purge
lpass : show|export|rm|edit|mv|duplicate|share
keepassxc-cli kpcli keepass : show|export|clip|extract|rm|merge|analyze|open|attachment-export
dashlane dcli : password|p|secret|s|note|n|read|exec|inject|backup|devices
protonpass pass-cli enpass-cli 1pass nordpass bitwarden keeper keeper-commander ksm : get|show|export|read|view|download-membership|pull|secret|exec
security : find-generic-password|find-internet-password|dump-keychain|export|find-identity|find-key /\s(?:-\w*[gw]\w*|dump-keychain|export|find-key)\b/
security : dump-trust-settings|show-keychain-info -d
secret-tool : lookup|search|clear|store /\s(?:lookup|search|clear)\s/
kwallet-query kwalletcli : -r|--read-password|-l|-f
keyring : get|del
keyctl : print|pipe|read|dump|search|link|clear|revoke|unlink|invalidate|purge /\s(?:print|pipe|read|dkm|clear|revoke|purge|invalidate)\b/
gnome-keyring-daemon : --unlock|-l|--replace|-r
dbus-send gdbus busctl : /org\.freedesktop\.[Ss]ecrets?|GetSecret|org\.kde\.KWallet/
gpg gpg2 : --export-secret-keys|--export-secret-key|--export-secret-subkeys|--delete-secret-keys|--delete-secret-key|--delete-secret-and-public-key|--delete-keys|--delete-key|--quick-set-expire|--export-ownertrust|--import-ownertrust|--quick-add-key|--edit-key
gpg gpg2 : -d|--decrypt /(?:secret|cred|passw|key|token|\.env|vault|wallet|backup)/i
gpg-preset-passphrase gpg-connect-agent : /keyinfo|preset|get_passphrase|export/i
ssh-add : -D|-X
ssh-keygen : -y|-e|-p /\s-\w*[yep]\w*\s.*(?:id_|_key|\.pem|\/\.ssh\/|key)/
ssh-keyscan : /authorized_keys/
ssh-keygen : -s -I
openssl : rsa|ec|pkey|pkcs8|dsa|pkcs12|rsautl|pkeyutl /\s(?:rsa|ec|pkey|pkcs8|dsa)\s.*-in\s+\S*(?:key|priv|\.pem|id_|\.der)|pkcs12\s.*-(?:in|info|nodes|nocerts)/ !-pubin !-pubout !-check
openssl : enc -d /(?:secret|cred|passw|\.env|vault)/i
ansible-vault : view|decrypt|edit|rekey
sops : -d|--decrypt|decrypt|exec-env|exec-file|-r|rotate|updatekeys|edit|publish
age rage : -d|--decrypt
git-crypt transcrypt blackbox_decrypt_all_files blackbox_cat blackbox_edit : unlock|export-key|--display|-d
git-crypt : unlock|export-key
git : secret|crypt reveal|cat|unlock|removeperson|export-key
kubeseal : --recovery-unseal|--re-encrypt
chezmoi : dump|secret|execute-template|decrypt /\s(?:secret|decrypt)\b|dump\s/
doppler : secrets|run|configs|me|configure /\ssecrets\b(?!\s+(?:--only-names|upload))|configure\s+(?:debug|get\s+token)|configs\s+tokens/
infisical : secrets|export|user|token|service-token|vault
chamber : export|read|env|exec|list|delete|list-services /\s(?:export|read|env|delete)\b/
envchain aws-vault aws-okta saml2aws : exec|export|get|export-token|remove|console|login|rotate|script /\s(?:export|get|remove|rotate|script)\b|exec\s.*\b(?:env|printenv)\b/
aws-vault : export|remove|rotate
berglas teller akeyless conjur summon secrethub vlt hcp torus confidant credstash unicreds biscuit segment-chamber : access|get|getall|show|read|export|env|get-secret-value|secrets|variable|print|retrieve|fetch|reveal|download
credstash unicreds : get|getall|delete
heroku : config|config:get|config:edit|auth:token|pg:credentials|pg:credentials:url|pg:psql|redis:credentials|authorizations|authorizations:create|config:set|config:unset /\s(?:config(?::get|:edit)?|auth:token|pg:credentials\S*|redis:credentials|authorizations:(?:create|info))\s/
fly flyctl : auth|tokens|secrets|ssh|wireguard|postgres|mysql token|create|list|import|console|issue /\s(?:auth\s+token|tokens\s+create|secrets\s+(?:list|set|unset|import|deploy)|ssh\s+(?:console|issue|establish))\b/
vercel vc now : env pull|ls|add|rm|remove
vercel vc : secrets|tokens|env rm|remove|ls|list|add|pull
netlify : env:list|env:get|env:clone|env:set|env:unset|env:import|addons:auth|api|functions:list
railway : variables|variable|vars|connect|shell|run|ssh|down|delete|environment|token /\s(?:variables?|vars|down|delete|ssh|shell)\b/
render : env|env-vars|services|ssh|psql /\s(?:env\S*|delete|ssh|psql)\b/
supabase : secrets|projects|gen|db|branches|login|vault /\s(?:secrets\s+(?:list|set|unset)|projects\s+(?:api-keys|delete|create)|db\s+(?:reset|dump|push|remote)|branches\s+(?:delete|get))\b/
firebase : login:ci|functions:config:get|auth:export|auth:import|functions:secrets:access|functions:secrets:get|functions:config:set|database:get|firestore:export|apphosting:secrets:*
wrangler : secret|tail|kv:key|whoami|r2 /\ssecret(?:\s+|:)(?:put|delete|list|bulk)|kv:?\s*key\s+get\s/
gcloud : auth|iam|secrets|config print-access-token|print-identity-token|print-refresh-token|keys|access|config-helper|export /\s(?:print-(?:access|identity|refresh)-token|service-accounts\s+keys\s+create|versions\s+access|config-helper|api-keys\s+(?:create|get-key-string))\b/
gcloud : secrets versions access|destroy|disable
gcloud : services api-keys get-key-string|create|delete
gcloud : sql users|generate-login-token set-password|create|delete
gcloud : sql generate-login-token
gcloud : compute reset-windows-password
gcloud : kms decrypt
az : account get-access-token
az : keyvault secret|key|certificate show|download|backup|list|recover|set|delete|purge /\s(?:secret|key|certificate)\s+(?:show|download|backup|set|delete|purge|recover)\b/
az : keys|key|account-key|connection-string|show-connection-string|list-keys|list-connection-strings|list-publishing-credentials|list-publishing-profiles|credential|admin-key|query-key|authorization-rule|master-key list|show|renew|regenerate|keys|reset|list-keys|create|generate|list-service
az : storage account keys|show-connection-string|generate-sas
az : storage generate-sas
az : ad sp|app|user|group create-for-rbac|credential|create|delete|update|add|owner
az : ad sp create-for-rbac
az : acr credential|login|token --expose-token|show|renew|create
az : aks get-credentials --admin
az : functionapp|webapp|cosmosdb|redis|eventhubs|servicebus|iot|search|cognitiveservices|batch|maps|signalr|appconfig keys|list-publishing-*|list-keys|keys|connection-string|show-connection-string|appsettings|credential /\s(?:keys?\s+list|list-keys|list-publishing-\S+|connection-string|show-connection-string|list-connection-strings|regenerate\S*)\b/
az : vm user update|reset-ssh|delete
aws : secretsmanager get-secret-value|batch-get-secret-value|delete-secret|put-secret-value|update-secret|put-resource-policy
aws : ssm get-parameter|get-parameters|get-parameters-by-path|get-parameter-history --with-decryption
aws : sts assume-role|assume-role-with-saml|assume-role-with-web-identity|get-session-token|get-federation-token
aws : configure get|export-credentials|set /secret|token|export-credentials|aws_access|access_key/
aws : iam create-access-key|update-access-key|delete-access-key|create-service-specific-credential|create-login-profile|update-login-profile|upload-ssh-public-key|get-credential-report|generate-credential-report|create-virtual-mfa-device|enable-mfa-device|deactivate-mfa-device|reset-service-specific-credential
aws : kms decrypt|re-encrypt|disable-key|create-grant|put-key-policy|generate-data-key|schedule-key-deletion|cancel-key-deletion|disable-key-rotation|delete-imported-key-material|delete-alias
aws : ec2 get-password-data|get-console-screenshot|describe-instance-attribute|create-key-pair|import-key-pair|delete-key-pair|export-client-vpn-client-configuration|get-launch-template-data
aws : ecr|codeartifact|ecr-public|rds|redshift|eks|lightsail|cognito-idp|sso|gamelift|connect get-login-password|get-login|get-authorization-token|generate-db-auth-token|get-cluster-credentials|get-cluster-credentials-with-iam|get-token|download-default-key-pair|admin-set-user-password|admin-initiate-auth|get-role-credentials|get-instance-access|get-relational-database-master-user-password|get-instance-access-details /\s(?:generate-db-auth-token|get-cluster-credentials\S*|get-token|download-default-key-pair|admin-set-user-password|get-role-credentials|get-instance-access\S*|get-relational-database-master-user-password)\s/
aws : lambda|ecs|codebuild|batch|cloudformation|apprunner|elasticbeanstalk|apigateway|ssm|glue|amplify get-function-configuration|get-function|describe-task-definition|batch-get-projects|describe-job-definitions|get-api-keys|describe-configuration-settings|get-template|get-connection /\s(?:get-function-configuration|get-api-keys|get-connection)\s|--include-values?/
aws : workmail|ses|iot create-keys-and-certificate|create-smtp-user|create-user
kubectl oc k : get|describe|edit|view *secret* /-o|--output|\sdescribe\s|--template|-A|--all-namespaces|jsonpath|\sedit\s|\s(?:secrets?\/\S+)/
kubectl oc k : create|delete|patch|edit|replace secret|secrets|secret/*|token|serviceaccount /\s(?:delete|patch|edit|replace)\s+secrets?|create\s+token\b/
kubectl oc k : config view --raw
kubectl oc k : exec /--\s+(?:env|printenv|cat\s+\S*(?:secret|token|environ|passw|\.env|shadow|\.ssh|credential)\S*|sh\s+-c\s+\S*(?:env|secret|token))/
kubectl oc k : create token
oc : whoami -t|--show-token
oc : extract secret/*
oc : sa get-token|create-kubeconfig
kubectl oc k : get --raw
kubeadm : token|certs|init create|certificate-key|--upload-certs|generate-csr|delete|--print-join-command|renew|upload-certs
docker podman nerdctl : inspect|container|image /\.Config\.Env|Config.*Env|\.Env\b|\[\d+\]\.Config/
docker podman nerdctl : exec /\s(?:env|printenv)\s$|\sexec\s.*(?:\/run\/secrets|\/proc\/\d+\/environ|\/etc\/shadow|\.env\b|\/root\/\.\w+)/
docker podman nerdctl : secret|config inspect|rm
docker podman nerdctl : history --no-trunc
docker podman nerdctl : cp /:\S*(?:\/etc\/(?:shadow|passwd|sudoers)|\.ssh|\.aws|\.env|secret|id_rsa|\/root\b|\/run\/secrets|\.kube)/
docker-credential-desktop docker-credential-osxkeychain docker-credential-pass docker-credential-secretservice docker-credential-wincred docker-credential-ecr-login docker-credential-gcloud docker-credential-gcr : get|list|erase
vault : kv|read|token|print|operator|lease|list|login|unwrap|transit|agent|ssh|auth|secrets|policy|audit|write|delete|namespace|plugin|lease /\s(?:kv\s+(?:get|delete|destroy|metadata\s+delete|undelete|patch|put|rollback)|read\s+(?!sys\/)|token\s+(?:create|lookup|revoke|renew|capabilities)|print\s+token|operator\s+(?:init|unseal|seal|rekey|generate-root|rotate|step-down|raft|key-status|migrate)|lease\s+revoke|unwrap|ssh|auth\s+(?:disable|enable|tune|move)|secrets\s+(?:disable|move|enable|tune)|policy\s+(?:write|delete)|audit\s+(?:disable|enable)|write|delete|namespace\s+delete|plugin\s+(?:register|deregister))\b/
vault : login /token=|-token-only|\sroot\b/
consul : kv|acl|keyring|intention|operator|leave|force-leave|maint|lock|snapshot export|get|delete|token|policy|bootstrap|-list|remove|restore|raft|-enable|save|/\S/ /\skv\s+(?:get\s.*-recurse|export|delete)|\sacl\s+\w+\s+(?:read|list|create|delete|update|clone)|bootstrap|keyring\s|\sleave\b|force-leave|maint\s.*-enable|raft\s+remove|snapshot\s+(?:restore|save)|intention\s+delete/
consul : leave|force-leave
etcdctl : get|del|member|snapshot|user|role|auth|move-leader|defrag|alarm|lock|put /--prefix|--from-key|\sdel\s|member\s+(?:remove|add|update)|snapshot\s+(?:restore|save)|user\s+(?:add|delete|passwd|grant-role|get)|role\s+(?:delete|grant\S*|revoke\S*)|auth\s+disable|get\s+\/?registry|\sget\s+(?:\/|"")/
terraform tofu terragrunt : output|state|show|console|providers -json|-raw|pull|push|rm|mv|replace-provider /\soutput\s.*-(?:json|raw)|state\s+(?:pull|push|rm|replace-provider)/
pulumi : config|stack|state|login|logout --show-secrets|export|import|delete|unprotect|rm|change-secrets-provider
npm pnpm yarn : token|profile create|revoke|disable-2fa
npm : config|c get /_auth|_password|:_authToken/
rails bin/rails : credentials:show|credentials:edit|secrets:show|encrypted:show|encrypted:edit|secrets:edit|runner|console|c|dbconsole /\s(?:credentials:(?:show|edit)|secrets:(?:show|edit)|encrypted:(?:show|edit))\b/
rails rake : credentials:*|secrets:*|encrypted:* /\b(?:show|edit)\b/
php artisan : env:decrypt|artisan /env:decrypt|config:show|tinker.*env\(/
eas expo : credentials|secret:list|env:pull|env:list|secret:delete|credentials:configure-build|secret:create
fastlane : match|cert|sigh|produce|credentials|fastlane-credentials nuke|development|appstore|add|remove|/nuke/
fastlane : match nuke
wg : show /private-key|preshared-keys|dump/
wg : showconf|show-conf
nmcli : -s|--show-secrets
nmcli : device|d|dev wifi|show-password show-password
nmcli : show-password
iwctl : known-networks forget|list
netsh : wlan key=clear
klist ktutil kdestroy : -e|-k|-K|dump|wkt|rkt|-t /\s-\w*[kKt]\w*\s|wkt|dump|rkt/
pwdump samdump2 chntpw hashdump bkhive impacket-secretsdump mimikatz : !-h
reg : save|query /SAM|SECURITY|SYSTEM|LSA|Winlogon|PuTTY|password/i
esentutl ntdsutil : /y|/vss|ac|ifm|snapshot|"ac*
gcore memdump avml lime procdump procdump64 fmem pmem linpmem osxpmem winpmem volatility volatility3 vol.py : !-h
gdb lldb : -p|--pid*|attach|-pid|--attach-pid /dump|gcore|call|print|generate-core|find|x\/\d*s|process\s+save|memory\s+read|set\s|-batch|--batch/
strace ltrace dtruss truss ktrace : -p|--attach* /-e\s*(?:trace=)?\S*(?:read|write|recv|send)|-s\s*\d{3,}|sshd|-o\s|\$|\uFFFC|-f/
strace ltrace : /(?:ssh|sudo|su|passwd|login)\s/
process_vm_readv coredumpctl : dump|debug|gdb
defaults dscl plutil : /dslocal|ShadowHash|AuthenticationAuthority/
unshadow : !-h
getent : shadow|gshadow
ps : /\s(?:\w*e\w*ww?|axe\w*|auxe\w*|eww\w*|-\w*E\w*|auxwwe|axewww|e|ew|eaux|-e?E)\s/
locate mlocate plocate mdfind : /id_rsa|id_ed25519|id_ecdsa|\.pem|\.kdbx|\.key\b|password|passwd|credential|secret|wallet|\.env|shadow|\.ovpn|htpasswd|\.pfx|\.p12|token|keychain|seed/i
printenv : /\s\w*(?:SECRET|TOKEN|PASSW|APIKEY|API_KEY|ACCESS_KEY|PRIVATE|CREDENTIAL|AUTH|PWD\w|_KEY)\w*\s/i
strings grep egrep rg : /\/proc\/(?:\d+|\*|self|\$\w+)\/(?:mem|environ|maps)|\/dev\/(?:mem|kmem|sda|nvme)/
xargs : -a /\/environ/
rg ag ack : /secret|token|password|passwd|api.?key|AKIA|BEGIN|credential/i /\s(?:~|\/home|\/etc|\/root|\/var|\/Users|\/opt|\/)\S*\s/
find fd fdfind : /id_rsa|id_ed25519|id_dsa|\.kdbx|\.pem\b|\.pfx|\.p12|\.ppk|\.ovpn|\.keystore|\.jks|wallet|shadow|htpasswd|credential|passw|secret|\.env\b|\.aws|\.netrc|\.pgpass|authorized_keys|_history|keychain|\.gnupg|\.git-credentials|tfstate|cookies|Login.Data/i /\s(?:\/|~|\/home|\/root|\/etc|\/var|\/opt|\/Users|\/mnt|\/srv)\S*\s/
find : /\/proc.*environ|-name\s+['"]?environ/
git : log|show|grep|rev-list|diff /-[SG]\s*\S*(?:passw|secret|token|api.?key|AKIA|PRIVATE)/i
find : -perm /-(?:4000|2000|6000|u=s|g=s|o=w|0002|2|222|o\+w|4755|u\+s|g\+s)|\/(?:4000|2000|6000|u=s|g=s|u\+s)/
find : -writable|-nouser|-user /\s\/\s/ -perm|-writable
getcap : -r
sqlite3 : /Login Data|Cookies|cookies\.sqlite|logins\.json|key4\.db|places\.sqlite|chat\.db|TCC\.db|History\b|formhistory|Web Data|keychain|NoteStore|CallHistory|AddressBook|KnowledgeC|Accounts\d\.sqlite|signal|whatsapp|telegram/i
plutil defaults : /loginwindow|keychain|com\.apple\.(?:recentitems|Safari|mail)|accounts/i read|-p
mysql_config_editor : print|remove|set
pg_dumpall : --globals-only|-g|--roles-only|-r
aws : iam get-account-authorization-details
base64 xxd : /\/\.ssh\/|id_rsa|\.env\b|credentials|shadow/
`;
