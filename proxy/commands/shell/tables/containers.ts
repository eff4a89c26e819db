/** Containers, clusters, virtual machines. The form of the lines: `../table.ts`. */
export const CONTAINERS = String.raw`
@ delete container/delete risky Deletes or stops containers, their data or machines
docker podman nerdctl : volume|volumes rm|remove|prune
docker podman nerdctl : system prune -f|--force|--volumes
docker podman nerdctl : ^rm /--volumes|--all|\s-a\s|\uFFFC|\$\(/
docker podman nerdctl : ^rmi /\uFFFC|--all|\s-a\s/
docker podman nerdctl : ^stop|kill|restart|pause /\uFFFC|--all|\s-a\s|\$\(/
docker podman nerdctl : compose down|rm|kill /\s-\w*v\b|--volumes|--rmi[\s=]all/
docker-compose podman-compose : down|rm|kill /\s-\w*v\b|--volumes|--rmi[\s=]all/
docker : swarm leave
docker : service|stack|node|secret|config rm|remove|demote
docker : plugin install|rm
docker : trust revoke|key
docker podman : machine|context rm|reset|stop|prune|remove --force|-f|reset|-y
podman : system reset|migrate|renumber
podman : pod|secret|volume|kube rm|prune|down|kill
docker-machine : rm|kill|regenerate-certs
buildah : rm|rmi -a|--all|prune
crictl : rm|rmp|rmi|stop|stopp|--prune -a|-f|--all|--force|--prune|/\s\w{6,}/
crictl : rmi --prune|-a
ctr : rm|remove|delete|del|kill|prune|--all /\s(?:rm|remove|delete|del|kill|prune)\s/
lxc incus : delete|del|rm|stop --force|-f|/\S/ /\sdelete\s|--force/
lxc incus : config|profile|storage|network|image|remote|cluster|snapshot|project|restore delete|remove|rm|restore
lxc-destroy lxc-kill : !-h !-?
virsh : destroy|undefine|vol-delete|pool-destroy|pool-delete|net-destroy|net-undefine|snapshot-delete|reset|managedsave-remove|vol-wipe|snapshot-revert|detach-disk|blockjob|setmem|nwfilter-undefine
vagrant : destroy
multipass : delete|purge|stop|restore --purge|--all|-p|/\S/ /\spurge|delete|stop\s+--all/
VBoxManage vboxmanage : unregistervm|closemedium|controlvm|snapshot|guestcontrol --delete|poweroff|reset|delete|restore|run|--delete-all
vmrun : deleteVM|stop|reset|deleteSnapshot|revertToSnapshot|runProgramInGuest|runScriptInGuest
prlctl : delete|stop|reset|unregister|reset-uptime|snapshot-delete
qm pct : destroy|rollback|delsnapshot|reset|unlink
pvesm pvecm pveum pvesh : free|delnode|remove|user|delete|expected|rm|passwd|set|create
xe : vm-destroy|vm-uninstall|vdi-destroy|sr-destroy|vm-shutdown|host-shutdown|*-destroy|*-uninstall|host-reboot|pool-eject
govc : vm.destroy|vm.power|datastore.rm|object.destroy|snapshot.remove|snapshot.revert|host.shutdown|pool.destroy|vm.unregister|guest.run
limactl colima : delete|stop|factory-reset|prune|rm|unprotect -f|--force|/\S/ /\s(?:delete|factory-reset|prune|rm)\b/
colima : delete|prune|reset
orb orbctl : delete|reset|uninstall
wsl wsl.exe : --unregister
minikube : delete|stop|pause|cache|node --all|--purge|delete|/\S/ /\sdelete\b|--all|--purge/
kind : delete
k3d : delete|stop cluster|clusters|node|--all|-a|registry
k3d : cluster|node|registry delete|rm
microk8s : reset|uninstall|leave|stop|remove-node|disable
k3s-uninstall.sh k3s-agent-uninstall.sh k3s-killall.sh rke2-uninstall.sh rke2-killall.sh
kubeadm : reset
k0s : reset|stop
rke : remove
kops : delete|rolling-update|update --yes|cluster
kops : delete
eksctl : delete|drain
kubespray rancher : rm|delete|remove|kill
talosctl : reset|reboot|shutdown|wipe|etcd|upgrade|rollback
bosh : delete-deployment|delete-vm|stop|cck|delete-*|clean-up|ssh
machinectl : terminate|poweroff|remove|kill|clean|import-*|pull-*|clone|bind|disable|set-limit|--boot|-b|--directory*|-D
flyctl fly : machine|machines|m|apps|volumes|vol|postgres|pg destroy|stop|kill|suspend|delete|remove|update|detach|scale
compose : down -v

@ foreign-package container/foreign risky Fetches or runs an image of a host that is only an address
docker podman nerdctl ctr crictl kubectl oc k helm : pull|run|create|load|import|set|apply|install|upgrade /[\s=](?:https?:\/\/)?(?!127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\//
docker podman nerdctl : pull|run|create /\s\S*(?:evil|attacker|malicious|xmrig|miner|cryptonight|backdoor|kali)\S*[\/:]?\S*/

@ admin cluster/change risky Deletes or changes what runs in the cluster
kubectl oc k : delete deploy|deployment|deployments|svc|service|services|ns|namespace|namespaces|pvc|pv|node|nodes|sts|statefulset|ds|daemonset|secret|secrets|cm|configmap|ingress|job|jobs|cronjob|crd|crds|all|--all|-f|-k|--filename*|-A|*.*|sa|role|rolebinding|clusterrole|clusterrolebinding|storageclass|networkpolicy|netpol|pdb|hpa|rs|replicaset|validatingwebhookconfiguration|mutatingwebhookconfiguration|--force|--now
kubectl oc k : ^drain|cordon|taint|evict|patch|edit
kubectl oc k : scale /--replicas[\s=]?0\b|--all/
kubectl oc k : rollout undo
kubectl oc k : replace --force
kubectl oc k : certificate approve
kubectl oc k : scale /--replicas[\s=]?\d{3,}/
kubectl oc k : label /pod-security|istio-injection|enforce/
kubectl oc k : create /(?:cluster)?rolebinding|clusterrole\b|--clusterrole[\s=]/
kubectl oc k : apply --force|--prune
kubectl oc k : exec /\s--\s.*(?:rm\s+-\w*r|kill\s|dropdb|DROP|TRUNCATE|FLUSHALL|shutdown|reboot|mkfs|dd\s|drop_?database)/i
kubectl oc k : auth reconcile
kubectl oc k : config /delete-(?:context|cluster|user)|unset|set-credentials|set-cluster.*insecure/
kubectl : /--as[\s=]\S*(?:system:|admin|cluster)/
kubectl oc k : --token*|--insecure-skip-tls-verify
oc : adm|policy|scc /add-scc-to-user|add-cluster-role|drain|prune|remove|add-role/
oc : delete|rollback|project delete
oc : scale --replicas=0
helm helm3 : uninstall|delete|del|un|rollback|reset
helm : upgrade --force|--reset-values|--recreate-pods
helmfile : destroy|delete
argocd : app|cluster|repo|proj|account|appset|cert|gpg delete|rm|rollback|sync|update-password|delete-resource|remove /\s(?:delete|rm|rollback|terminate-op|update-password|delete-resource|remove)\s|sync\s.*(?:--prune|--force)/
flux : delete|uninstall|suspend
istioctl linkerd cilium : uninstall|purge|--purge|experimental
velero : delete|uninstall|restore
kubefed kubectl-delete kubectl-nuke ksniff kubectl-node-shell : !-h
kubectx kubens : -d
kubectl oc k : node-shell|sniff|ssh|iexec|nuke|prune-unused|unused|fuzzy
nomad : job|system|node|namespace|volume|operator|alloc|acl|var|quota stop|gc|drain|delete|purge|-purge|eligibility|remove|stop|exec|bootstrap|raft|revert|deregister|detach|restart|signal /\s(?:stop|gc|drain|delete|-?purge|bootstrap|revert|deregister|detach|eligibility)\b|raft\s+remove/

@ privilege container/escape risky Leaves the bounds of a container, or starts one with rights over the host
docker podman nerdctl docker-compose : --privileged|--privileged=true
docker podman nerdctl : run|create /--security-opt[\s=]\S*(?:unconfined|disable|no-new-privileges[:=]false)|--device[\s=]\/dev\/(?:sd|nvme|mem|kmsg|kvm|disk|fuse|mapper|xvd|vd)|--cap-add[\s=](?:ALL|all|SYS_|CAP_|NET_ADMIN|NET_RAW|DAC_)\S*|--(?:pid|ipc|uts|userns|cgroupns)[\s=]host|--net(?:work)?[\s=]host.*--(?:pid|privileged|cap)|(?:-v|--volume|--mount)[\s=]?\S*(?:docker\.sock|containerd\.sock|crio\.sock|\/proc\b|\/dev\b|\/etc\b|\/root\b|\/var\/run|\/boot|\/sys\b)|(?:-v|--volume)[\s=]?\/:|(?:-v|--volume)[\s=]?(?:~|\$HOME|\/home\/\w+|\/Users\/\w+)\/?:|(?:-v|--volume|--mount)[\s=]?\S*(?:\.ssh|\.aws|\.kube|\.gnupg|\.docker|\.config\/gcloud|\.azure)\b|--volumes-from\s+\S*host|--gpus.*--privileged|--uidmap|--oom-kill-disable|--cgroup-parent|--sysctl[\s=]kernel/
docker podman nerdctl : exec|run /--privileged|\snsenter\b|\schroot\s+\/(?:host|mnt|hostfs|rootfs)/
docker podman : -H|--host*|--tlsverify=false|-H* /(?:-H|--host)[\s=]*(?:tcp|http|ssh):\/\/(?!localhost|127\.)/
dockerd containerd : -H|--host*|--insecure-registry*|--tls=false|--config*
socat nc ncat : /(?:docker|containerd|crio|podman)\.sock/
nsenter : -t|--target|-a|--all|-m|--mount|--net*|-n
nsenter : /--target[\s=]?1\b|-t\s*1\b/
unshare : -r|-U|--map-root-user|--user|-m|-p|--mount|--map-users*|-c
chroot : /\s\/\S*\s*/
ctr : run|exec|tasks|t|c /--privileged|--net-host|--mount|\sexec\s|\srun\s.*(?:-t|--rm)/
ctr : -n k8s.io
crictl : exec|run|runp -it|-i|-t|-s
runc crun youki kata-runtime : run|exec|create|start|delete|kill|update
lxc incus : exec|console|config|launch|init|file|profile /security\.(?:privileged|nesting)|source=\/(?:\s|etc|root|var)|raw\.(?:lxc|apparmor|idmap)|\sexec\s|\sconsole\s|file\s+(?:push|edit)/
machinectl : shell|login|/^\s*shell/
systemd-run : --machine*|-M|--pty|-t|--shell|-S|--uid*|--property*
bwrap firejail : /--noprofile|--bind\s+\/\s|--dev-bind\s+\/\s|--uid\s*0|--caps\.keep|--allusers|--cap-add/
singularity apptainer : shell|exec|run|instance --fakeroot|-B|--bind|-f|--writable|--add-caps* /\/:|\/etc|--add-caps|--keep-privs|--allow-setuid/
capsh : --gid*|--uid*|--user*|--chroot*|--
proot fakechroot fakeroot-ng : -0|-r|-S|-b
kubectl oc k : run|debug|create /--privileged|hostPID|hostNetwork|hostPath|hostIPC|--profile[\s=](?:sysadmin|netadmin)|"privileged"|nsenter|--image[\s=]\S*(?:evil|attacker|netshoot)/
kubectl oc k : debug node/*
kubectl : exec /nsenter|chroot\s+\/host|docker\.sock|\/host\//
oc : debug|rsh node/*
setpriv : /--reuid|--ambient|--inh-caps|--clear-groups/
aa-exec runcon : -p|--profile*|-t|unconfined*|-r|/unconfined/
`;
