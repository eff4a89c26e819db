/** Clouds, hosting, infrastructure as code, configuration management. The form of the lines: `../table.ts`. */
export const CLOUD = String.raw`
@ admin cloud/delete risky Deletes, stops or opens what the cloud holds
aws : /\s(?:delete|terminate|purge|destroy|remove|deregister|disable|detach|revoke|reset|release|stop|cancel|disassociate|deactivate|leave|schedule-key-deletion|batch-delete|force-delete|reboot|abort|untag|reject|unsubscribe)-[\w-]+\s/ !/\s(?:cancel-(?:query|job)|stop-query|delete-message|remove-tags\S*)\s/ !--generate-cli-skeleton !--cli-auto-prompt
aws : /\s(?:put-bucket-(?:policy|acl|public|lifecycle|versioning|website|replication|encryption|logging|ownership)\S*|put-object-acl|put-public-access-block|put-(?:user|role|group|key|repository|resource|registry|function)-\S*polic\S*|put-resource-policy|attach-\S+-policy|add-permission|add-user-to-group|add-role-to-instance-profile|create-user|create-role|create-policy\S*|create-login-profile|create-access-key|create-group|create-saml-provider|create-open-id-connect-provider|update-assume-role-policy|set-default-policy-version|update-login-profile|update-account-password-policy|authorize-\S+|modify-\S+|put-bucket-acl|set-identity-pool-roles|create-grant|share-\S+|enable-\S*public\S*|put-image-tag-mutability|put-event-selectors|update-trail|update-detector|put-configuration-recorder|update-ip-set|create-filter|update-function-(?:code|configuration)|update-service|update-stack|execute-change-set|change-resource-record-sets|send-command|start-session|execute-command|create-function|invoke-async|publish-layer-version|create-event-source-mapping|set-desired-capacity|update-auto-scaling-group|put-scaling-policy|set-security-groups|update-distribution|transfer-domain|disable-\S+|replace-\S+|create-key-pair|import-key-pair|associate-iam-instance-profile|send-ssh-public-key|send-serial-console-ssh-public-key|create-vpc-peering-connection|accept-vpc-peering-connection|create-route|register-delegated-administrator|create-account|invite-account-to-organization|move-account|put-account-\S+|update-organizational-unit|put-retention-policy|start-export-task|start-instance-refresh|restore-\S+|copy-snapshot|create-code-interpreter|pass-role|request-spot-\S+)\s/
aws : ec2 run-instances /--count[\s=]\d{2,}|--user-data|p[345]d?\.\d*\w*|x\d|24xlarge|metal|--iam-instance-profile/
aws : s3 rm|rb
aws : s3 mv|sync /--delete|s3:\/\/\S+\s+s3:\/\//
aws : s3 cp|sync|mv /--acl[\s=]public/
aws : --no-verify-ssl
aws : --endpoint-url* /https?:\/\/(?!localhost|127\.|minio|localstack)/
aws : lambda invoke /admin|delete|prod|destroy/
aws : dynamodb delete-item|batch-write-item|execute-statement|update-table
aws : sqs purge-queue
aws : ses|sesv2|pinpoint|sns send-bulk-*|send-messages|publish-batch
gcloud gsutil bq : delete|remove|destroy|disable|rb|rm|reset|stop|suspend|revoke|abandon|undeploy|detach-disk|remove-*|delete-*|purge|drain|cancel|clear|shutdown !/\s(?:config\s+configurations\s+delete)\s/
gcloud : add-iam-policy-binding|set-iam-policy|remove-iam-policy-binding|add-access-config|add-metadata|create|update|ssh|patch|import|promote-replica|failover|restore|restore-backup /\s(?:add-iam-policy-binding|set-iam-policy|remove-iam-policy-binding|add-metadata)\s|firewall-rules\s+(?:create|update)|0\.0\.0\.0\/0|allUsers|allAuthenticatedUsers|roles\/(?:owner|editor|\w*\.?admin)|--allow-unauthenticated|--no-deletion-protection|--no-enable|--authorized-networks|promote-replica|failover|restore-backup|sql\s+import|--startup-script|logging\s+sinks\s+update|--quiet\s.*(?:delete|update)/
gcloud : iam service-accounts|roles|workload-identity-pools create|keys|delete|disable|update|undelete /keys\s+create|delete|disable|roles\s+(?:create|update)/
gcloud : projects|organizations|resource-manager|billing delete|set-iam-policy|move|unlink|add-iam-policy-binding|undelete
gcloud : compute instances|instance-groups|disks|snapshots|images stop|reset|suspend|delete|resize|move|set-*|detach-disk|recreate-instances /\s(?:stop|reset|suspend|delete|resize|set-(?:service-account|machine-type|disk-auto-delete|scopes)|recreate-instances)\s/
gcloud : compute ssh /--command/ /rm\s+-|shutdown|reboot|drop|kill|dd\s|mkfs/
gsutil : iam|acl|defacl|setmeta|lifecycle|retention|web|cors|versioning|logging|kms|rewrite|hash ch|set|lock|clear|-r|off|add|remove|on|authorize /\s(?:iam|acl|defacl)\s+(?:ch|set)\s|lifecycle\s+set|retention\s+(?:set|clear|lock)|versioning\s+set\s+off|logging\s+set\s+off/
gsutil : mv|rsync /-d\b|gs:\/\/\S+\s+gs:\/\//
bq : rm|update|load|query|extract|cp|truncate /--replace|\sDROP\s|\sDELETE\s|\sTRUNCATE\s|-f\s.*rm|\srm\s|--set_iam_policy|extract\s/i
az : /\s(?:delete|delete-batch|delete-retained|purge|remove|deallocate|stop|restart|reset|detach|disable|revoke|power-off|redeploy|reimage|failover|undelete|force-delete|cancel|regenerate|rotate|evict-node-pool|disconnect|deregister|unregister|abort)\s/
az : role|ad|policy|network|vm|vmss|webapp|functionapp|container|aks|storage|sql|postgres|mysql|cosmosdb|keyvault|acr|monitor|security|lock|identity|eventhubs|servicebus assignment|definition|run-command|command|extension|nsg|firewall-rule|network-rule|set-policy|remote-rendering|ssh|exec|create-remote-connection|public-ip|rule|app|sp|group|user|start-shell|update /\s(?:role\s+(?:assignment|definition)\s+(?:create|update)|run-command\s+(?:invoke|create)|aks\s+command\s+invoke|vm\s+extension\s+set|firewall-rule\s+create.*0\.0\.0\.0|nsg\s+rule\s+(?:create|update)|set-policy|container\s+exec|webapp\s+(?:ssh|create-remote-connection)|ad\s+(?:sp|app|user|group)\s+(?:create|credential|member\s+add|owner\s+add|update|permission)|public-access|--public-network-access\s+enabled|--allow-blob-public-access\s+true|--default-action\s+allow|policy\s+(?:assignment|definition)\s+(?:create|update))/i
az : rest --method* /\s--method[\s=]*(?:delete|put|patch|post)/i
az : deployment|group /--mode[\s=]complete/i
az : storage container|blob|share set-permission|--public-access*|set-tier|update /set-permission|--public-access[\s=]*(?:blob|container)/
doctl linode-cli hcloud vultr-cli vultr scw oci ibmcloud ibmcloud-cli exo exoscale openstack nova cinder neutron glance aliyun tccli hwcloud yc ovhcloud upctl civo metal packet katapult brightbox cs cloudscale ucloud ucloud-cli gridscale mgc timeweb selectel crusoe lambda-cloud vastai runpodctl modal jarvislabs paperspace gradient koyeb northflank porter qovery cyclic deta zeabur dokku caprover coolify clever scalingo platform upsun pantheon terminus acquia acli lagoon divio cf cloudfoundry okteto garden space stackit : /\s(?:delete|destroy|remove|rm|terminate|purge|rebuild|reset|power-off|power_off|poweroff|power-cycle|poweroff|shutdown|stop|halt|kill|undeploy|disable|revoke|revoke-admin|detach|drop|wipe|poweroff-server|instance-delete|delete-server|delete-instance|\w+-(?:delete|rm|remove|destroy|terminate)|apps:destroy|\w+:(?:destroy|delete|remove|wipe|drop|reset))\s/
doctl : auth|databases|registry|kubernetes|compute|projects|apps|serverless init|reset|garbage-collection|user|firewalls|kubeconfig|update /user\s+(?:reset|create|delete)|firewalls\s+(?:append|replace)|0\.0\.0\.0/
aliyun tccli oci : /\s(?:Delete|Release|Stop|Terminate|Reboot|Reset|Modify|Authorize|Revoke|Disable)\w+\s/
openstack nova : server|project|user|role|security reset|rebuild|rule
heroku : *:destroy|*:delete|pg:reset|pg:killall|pg:kill|pg:promote|pg:restore|pg:backups:restore|pg:unfollow|pg:credentials:destroy|ps:stop|ps:kill|ps:scale|dyno:stop|dyno:kill|dyno:scale|maintenance:on|maintenance:off|access:add|access:remove|apps:transfer|apps:rename|config:set|config:unset|domains:clear|domains:remove|certs:remove|addons:detach|features:disable|keys:clear|keys:remove|releases:rollback|rollback|run|webhooks:add|drains:add|repo:reset|repo:purge_cache|redis:reset|redis:cli|redis:maintenance|kafka:topics:destroy|stack:set|buildpacks:clear /\s(?:\S+:(?:destroy|delete|reset|killall|kill|stop|clear|unset|remove|transfer|on|restore|promote|add|detach)|ps:scale\s.*=0|dyno:scale\s.*=0|config:set\s.*(?:prod|SECRET|KEY|DATABASE|URL)|rollback|releases:rollback|run\s.*(?:rm\s|drop|reset|bash|delete))\b/
heroku : ps:scale|dyno:scale|scale *=0
heroku : access:add|members:add|ci:config:set|drains:add|webhooks:add
fly flyctl : ^destroy|apps|scale|machine|volumes|postgres|pg|redis|mysql|certs|ips|orgs|secrets|suspend|deploy destroy|delete|suspend|count|remove|release|revoke|set|unset|detach|stop|kill|immediate|update|failover|cordon|fork|restore /\s(?:destroy|delete|suspend|count\s+\S*0|remove|release|revoke|unset|detach|failover|kill|immediate)\b/
fly flyctl : scale count 0
vercel now vc : ^remove|rm|rollback|promote|dns|domains|certs|alias|teams|project|projects|secrets|link|redeploy /\s(?:rm|remove|rollback|transfer|move|add)\s/
netlify ntl : *:delete|sites:delete|unlink|env:unset|env:set|deploy|api|sites:create|lm:uninstall|blobs:delete|db /delete|unset|--prod|-p\b|blobs:delete/
wrangler : delete|unpublish|rollback|kv:key|kv|r2|d1|queues|secret|pages|versions|hyperdrive|vectorize|dispatch-namespace|tail|workflows|pubsub delete|execute|purge|rollback|remove|bulk|destroy|drop|import|restore /\s(?:delete|purge|rollback|remove|destroy|restore)\b|execute\s.*(?:DROP|DELETE|TRUNCATE|UPDATE)|bulk\s+(?:delete|put)|kv:\w+\s+delete/i
wrangler : ^delete|rollback|unpublish
firebase : *:delete|*:remove|*:disable|*:set|*:import|*:update|*:cancel|*:uninstall|*:rollback|deploy|database:remove|use !/:list\b/ /\s\S+:(?:delete|remove|disable|set|import|update|cancel|uninstall|rollback)\b|deploy\s.*--force|--project[\s=]\S*prod/
supabase : ^db|projects|functions|secrets|branches|domains|storage|sso|orgs|migration|postgres-config|network-restrictions|ssl-enforcement|encryption reset|delete|push|rm|remove|unset|disable|down|update|activate|repair|--linked|rotate /\s(?:db\s+(?:reset|push)|\w+\s+(?:delete|unset|disable|remove|rm|down|rotate|update))\b/
supabase : stop --no-backup
railway : ^down|delete|remove|unlink|volume|environment|service|redeploy|domain /\s(?:down|delete|remove)\b|volume\s+(?:delete|detach)/
render : /\s(?:delete|suspend|restart|cancel|rm|remove)\b/
eb : terminate|abort|swap|restore|scale|ssh|setenv|config|rebuild|platform delete|terminate|--force|0|--command*|-c|/terminate|abort|swap/
eb : terminate|abort
sam cdk sst amplify copilot serverless sls claudia zappa chalice apex up arc ampx jets begin architect : delete|destroy|remove|undeploy|nuke|app:delete|*:delete|rollback|--destroy|purge
sam : delete
serverless sls : deploy|remove|rollback|invoke --stage=prod|prod|production|remove|rollback
cdk : deploy|destroy|bootstrap /--require-approval[\s=]never|destroy|--force|--trust/
cdktf : destroy|deploy --auto-approve|destroy
pulumi : destroy|down|rm|up|update|state|stack|refresh /\s(?:destroy|down|dn)\b|\s(?:up|update|refresh)\s.*(?:-y|--yes|--skip-preview|-f)\b|state\s+(?:delete|unprotect)|stack\s+(?:rm|rename|import|change-secrets)|cancel/
terraform tofu opentofu : ^destroy|apply|state|taint|force-unlock|import|workspace|init !/\sstate\s+(?:list|show)\b/ /\sdestroy\b|\sapply\b.*(?:-?-auto-approve|-destroy|\s\S*\.tfplan|-target|-replace)|state\s+(?:rm|mv|push|replace-provider)|\staint\b|force-unlock|workspace\s+delete|\simport\s|-migrate-state.*-force-copy|-reconfigure.*-backend-config|-lock=false|refresh\s.*-auto-approve/
terraform tofu : ^apply|destroy -lock=false|-destroy
terragrunt terramate terraspace atmos : destroy|destroy-all|apply-all|run-all|run|all|state|taint|force-unlock|import /destroy|apply-all|auto-approve|state\s+(?:rm|mv|push)|taint|force-unlock|non-interactive.*apply|apply.*non-interactive/
packer : build --force|-force|-on-error*
ansible : !--list-hosts /-m[\s=]*(?:\S*\.)?(?:shell|command|raw|script|file|user|service|systemd|reboot|apt|yum|dnf|copy|lineinfile|cron|authorized_key|mount|parted|filesystem|ec2\S*|mysql_db|postgresql_db|expect|git|uri|get_url|unarchive|synchronize|iptables|firewalld|selinux|sysctl|package|pip|group|acl|docker_container|k8s)\b|\s-a\s\S*(?:rm\s|kill|shutdown|reboot|dd\s|mkfs|curl|wget|systemctl|useradd|passwd|state=absent)/ /rm\s|kill|shut|reboot|dd\s|mkfs|curl|wget|systemctl|user|passw|state=|absent|shell|raw|script|drop|stop|-b\b|--become/i
ansible-playbook : /-i\s*\S*prod|--limit[\s=]\S*prod|--tags[\s=]\S*(?:destroy|delete|wipe|reset|purge)|(?:destroy|delete|wipe|reset|purge|teardown|decommission|nuke|uninstall|remove)\S*\.ya?ml|-e\s.*(?:state=absent|force=|wipe|destroy|confirm)|--extra-vars\s.*(?:absent|force|wipe|destroy)|-b\b.*prod|all\S*\s.*-b|https?:/
ansible-pull : /https?:\/\/|git@/
ansible-console
salt salt-call salt-ssh salt-run salt-cp salt-cloud salt-key : cmd.*|*.run|state.*|system.*|file.remove|service.stop|user.*|pkg.remove|-d|-D|-A|-a|--delete*|--accept*|--destroy|-y /\s(?:cmd\.\w+|system\.\w+|file\.(?:remove|write)|service\.(?:stop|disable)|user\.\w+|pkg\.(?:remove|purge)|state\.(?:apply|highstate|sls)|-[dDAa]\b|--delete\S*|--accept-all|--destroy|file\.rmdir|cron\.\w+)/
puppet : apply|resource|node|cert|ca|agent|module /\sapply\s+-e|\sresource\s.*(?:ensure=)|node\s+(?:purge|clean|deactivate)|cert\s+(?:clean|revoke)|ca\s+(?:clean|revoke)|agent\s.*--disable/
chef-client chef-solo chef-apply chef : -z|--local-mode|-o|-e|/https?:/
knife : /\s(?:delete|bulk\s+delete|ssh|winrm)\b|-y\b/
cfengine cf-agent cf-runagent mco mcollective pdsh pssh parallel-ssh pscp.pssh dsh clush cssh tentakel mussh pnuke prsync orgalorg : /\s(?:rm\s|kill|shut|reboot|dd\s|mkfs|curl|wget|systemctl|service|user|passwd|drop|sudo|halt|poweroff|iptables)/
bolt : command|script|plan|task run
juju : destroy-*|remove-*|kill-controller|destroy-controller|destroy-model|unregister|ssh|exec|run|revoke|detach-storage
cf : delete|delete-*|purge-*|unbind-*|stop|disable-*|unset-*|ssh|unshare-*|rollback|revert
dokku : apps:destroy|*:destroy|*:unlink|*:remove|*:stop|*:unset|ps:stop|config:unset|*:delete|cleanup|domains:clear*|proxy:disable|certs:remove
cloudflare flarectl cfcli cf-terraforming : delete|purge|remove|rm|zone|dns|d /delete|purge|remove|\srm\b/
route53 cli53 : delete|rrdelete|rrpurge|import /delete|purge|--replace/
nsupdate rndc pdnsutil unbound-control : -k|delete*|flush|stop|halt|reload|freeze|clear*|local_zone|local_data|remove|-l /delete|flush|stop|halt|remove|update|local_|-k\b|-l\b|edit-zone|replace-rrset/
newrelic datadog-ci dog datadog sentry-cli sentry pagerduty pd rollbar honeybadger grafana-cli grafanactl opsgenie statuspage : delete|remove|mute|disable|destroy|mute_all|reset-admin-password|rm|silence|cancel|resolve /\s(?:delete|remove|mute\S*|disable|destroy|reset-admin-password|silence)\b/
amtool : silence add|import|expire
promtool mimirtool cortextool logcli thanos : tsdb|delete|rules|alertmanager|tools|rewrite|clean /delete|\btools\s+bucket\s+(?:cleanup|rewrite|mark)|create-blocks|\bpush\b/
auth0 okta keycloak kcadm.sh kcadm gam gamadv-xtd3 stripe twilio shopify sfdx sf zendesk hubspot : delete|delete-*|destroy|remove|rm|suspend|deactivate|purge|*:delete|*:remove|rules|refunds|payouts|transfers|update|set-password|create|trigger /\s(?:delete|destroy|remove|rm|suspend|deactivate|purge|\S+:(?:delete|remove|disable))\b|refunds\s+create|payouts\s+create|transfers\s+create|set-password|add-roles|cancel\b|--live\b/
stripe : /--live\b|refunds\s+create|payouts\s+create|transfers\s+create|\sdelete\b|charges\s+create|cancel\b/
cast solana spl-token bitcoin-cli geth near aptos sui gaiad eth ethers electrum monero-wallet-cli lncli lightning-cli polkadot starkli foundry stellar tezos-client octez-client cardano-cli : send|transfer|sendtoaddress|sendmany|dumpprivkey|dumpwallet|sendall|importprivkey|backupwallet|pay|payinvoice|closeallchannels|closechannel|sendcoins|--private-key*|close|burn|approve|set-authority|withdraw*|delete|export*|deploy|spend|sweep|payto|paytomany|broadcast|getseed|getprivatekeys|deploy /\s(?:send\w*|transfer|dump\w+|import\w+|backupwallet|pay\w*|close\w*|burn|set-authority|withdraw\S*|export\S*|sweep|broadcast|getseed|getprivatekeys|delete)\b|--private-key/
`;
