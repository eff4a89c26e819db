/** Packages: from where, published, taken away, run without being installed. The form of the lines: `../table.ts`. */
export const PACKAGES = String.raw`
@ network-send package/publish risky Publishes or takes back a package
npm pnpm : ^publish|unpublish|deprecate !-n
yarn : publish
yarn : npm publish|tag|login
npm : owner|access|dist-tag|team|org add|rm|public|restricted|grant|revoke|set
twine : upload|register
poetry pdm flit uv hatch rye maturin : ^publish|upload
cargo : ^publish|yank|owner !-n
gem : ^push|yank|owner
bundle rake : release|gem:release
python python3 python2 : /setup\.py\s.*(?:upload|register)\b|-m\s+twine\s+upload|-m\s+flit\s+publish/
dotnet nuget : nuget|push|delete push|delete
nuget : push|delete
mvn mvnw : deploy|deploy:deploy|deploy:deploy-file|release:perform
gradle gradlew : publish|publishPlugins|uploadArchives|bintrayUpload|artifactoryPublish|*:publish*|closeAndReleaseRepository
sbt : publish|publishSigned|+publish
lein : deploy
mix : hex.publish|hex.retire|hex.owner
dart flutter : pub publish
pub : publish
vsce ovsx : publish|unpublish|login
pod : trunk push|deprecate|delete|add-owner
conda anaconda : upload|remove --force|upload
anaconda : upload|remove
luarocks : upload
cabal stack : upload
opam : publish
cpan-upload
helm : push|cm-push
snapcraft : upload|push|release|close
chart-releaser cr : upload
jfrog jf : rt|u|upload u|upload|delete|del|mv|move|cp|copy|set-props
changeset lerna np release-it semantic-release auto goreleaser standard-version : publish|release !--snapshot* !--skip-publish
eas : submit
fastlane : deliver|pilot|supply|upload_to_*
docker buildx : trust sign|revoke

@ foreign-package package/foreign risky Installs code that is not from the configured registry, or unchecked
pip pip2 pip3 pipx uv : install|download|add|run|tool|wheel /(?:git|hg|svn|bzr)\+|\shttps?:\/\/|\sftp:\/\/|--(?:extra-)?index-url|\s-i\s+http|--find-links|-f\s+http|--trusted-host|--index\s|--default-index|\s\S+\s+@\s+(?:git\+|https?:)/
pip pip2 pip3 uv : install /\s\S*(?:\/tmp|\/dev\/shm|\/var\/tmp)\/\S+/
pip pip2 pip3 uv : install /(?:^|[\s\/~])downloads?\/\S+/i
pip pip2 pip3 : install --pre --index-url
pip pip2 pip3 : config set|edit /index-url|trusted-host|find-links|proxy|cert/
easy_install : /https?:\/\/|-i\s|--index-url/
npm pnpm yarn bun : install|i|add|ci|exec|create|dlx|update|global|x /\s(?:git\+|git:|https?:\/\/|github:|gitlab:|bitbucket:|gist:|file:\/tmp)\S*|--registry[\s=]\S+|npm:\/\//
npm pnpm yarn bun : install|i|add /\s\S*(?:\/tmp|\/dev\/shm)\/\S+/
npm pnpm yarn : ^set /\sset\s+(?:registry|script-shell|proxy|https-proxy|cafile|strict-ssl|ignore-scripts)\b/
pip pip2 pip3 : install /\s[\w.-]*[*?][\w.*-]*\.(?:whl|tar\.gz|zip)\s/
npm pnpm yarn : config|c set /registry|script-shell|proxy|strict-ssl|cafile|ignore-scripts|init\.module|git\b|node-options|prefix|unsafe-perm|_auth|audit\s+false/
npx bunx pnpx : /\s(?:git\+|github:|gitlab:|gist:|https?:\/\/)\S*|--registry/
gem : install|i|update|fetch /--source|\s-s\s|https?:\/\/|--clear-sources|-P\s*NoSecurity|\/tmp\//
gem : sources -a|--add|-c|--clear-all|-r|--remove
bundle bundler : config /mirror|ssl_verify|gem\.push_key/
cargo : install|add|update /--git[\s=]|--registry[\s=]|--index[\s=]|\s--path[\s=]\S*\/tmp/
go : env -w /GOPROXY|GONOSUM|GOINSECURE|GOSUMDB|GOFLAGS|GONOPROXY|GOPRIVATE|CC=|GOTOOLDIR/
go : get|install|run|mod -insecure|--insecure
composer : config|global|require|create-project repositories*|secure-http|disable-tls|allow-plugins*|--repository*|--no-verify|--repo* /repositor|secure-http|disable-tls|allow-plugins|--no-verify|gitlab-token|github-oauth/
luarocks : install --server*|--only-server*
cpan cpanm : /https?:\/\/|git:|--mirror\S*|\/tmp\//
conda mamba micromamba : install|create|update|config /(?:-c|--channel)[\s=]+https?:|--add\s+channels\s+https?:|ssl_verify|\/tmp\/|--insecure/
nix nix-env nix-build nix-shell nix-channel : /\shttps?:\/\/|tarball|--option\s+(?:sandbox|substituters|trusted)|--impure.*fetch|--add/ !/nixos\.org|github\.com\/NixOS|cache\.nixos/
guix : pull|package --url*|--channels*|-f
brew : install|reinstall|upgrade|cask /https?:\/\/|\/tmp\/|\.rb\s|--force-bottle|--build-from-source\s+\//
brew : tap /https?:\/\/|git@|\.git\s/
brew : tap|install /\s(?!homebrew\/)[\w-]+\/[\w-]+(?:\/[\w-]+)?\s/ /evil|attacker|malicious|untrusted|hacker|shady|unknown/
apt apt-get aptitude : /--allow-unauthenticated|--allow-insecure-repositories|--force-yes|--no-check-gpg|AllowUnauthenticated|AllowInsecureRepositories|AllowDowngradeToInsecure|Verify-Peer=false|trusted=yes|--allow-downgrades.*--allow-change-held|--allow-remove-essential/
apt apt-get aptitude : install|reinstall /\s(?:\/tmp|\/var\/tmp|\/dev\/shm)\/\S*\.deb\b|https?:\/\//
apt-key apt_key : add|adv|del
apt-add-repository add-apt-repository software-properties-gtk : !--list !-L
dpkg dpkg-deb : -i|--install|--unpack|-R /\s(?:\/tmp|\/var\/tmp|\/dev\/shm|~\/Downloads|\.\/|https?:)|\.deb\s|--force-all/
dpkg : --force-all|--force-*|--force
yum dnf microdnf tdnf : install|localinstall|reinstall|update|upgrade|swap /--nogpgcheck|https?:\/\/|\/tmp\/|--repofrompath|\.rpm\s|--setopt=\S*(?:gpgcheck=0|sslverify=0|false)|--disableplugin/
yum dnf microdnf : copr enable
dnf dnf5 yum yum-config-manager : config-manager|--add-repo* /--add-repo|addrepo|--set(?:opt|-enabled)|--save/
yum-config-manager : --add-repo|--add-repo=*|--save
rpm : -i|-U|-F|--install|--upgrade|--freshen /\s(?:\/tmp|https?:|ftp:|\S+\.rpm)|--nosignature|--nodigest|--force|--nodeps|--noscripts/
rpm : --import
rpm : --initdb|--rebuilddb|--nodeps
zypper : addrepo|ar|install|in|removerepo|rr|modifyrepo|mr /\s(?:addrepo|ar|removerepo|rr)\s|--no-gpg-check\S*|--allow-unsigned-rpm|https?:\/\/|\.rpm\s/
pacman yay paru : -U|--upgrade /https?:|\/tmp|\.pkg/
pacman-key : --add|-a|--lsign-key|--recv-keys|-r|--delete
makepkg : --skipinteg|--skippgpcheck|--skipchecksums
apk : add /--allow-untrusted|--repository[\s=]|-X\s|https?:\/\/|\.apk\s|--root/
snap : install|download --dangerous|--devmode|--jailmode|--classic|--unaliased /--dangerous|--devmode|\.snap\s/
flatpak : install|remote-add|override|remote-modify|run /--no-gpg-verify|https?:\/\/\S+(?<!flathub\.flatpakrepo)\s|\.flatpakref|\.flatpak\s|override\s.*(?:--filesystem|--socket|--device)|--filesystem=host|--no-gpg/ !/flathub\.org|dl\.flathub/
emerge : --nodeps|--unmerge|-C|--depclean|--prune
port pkg_add pkg : install|add /https?:\/\/|\.txz\s|\/tmp\//
opkg ipkg : install /https?:\/\/|\.ipk|--force/
installer : -pkg|-package /-tar?ge?t/
softwareupdate : --reset-ignored
winget choco scoop : install|add|bucket|source|upgrade /--source\s|--manifest|https?:\/\/|--ignore-(?:security-)?(?:hash|checksums?)|--force|--allow-empty-checksums|bucket\s+add|source\s+add/
helm : repo|plugin|upgrade|install|template|pull add|install /\srepo\s+add\s+\S+\s+http:|plugin\s+install|\s(?:install|upgrade)\s.*\shttps?:\/\/\S+|--insecure-skip-tls-verify|--repo[\s=]+http:/
kubectl : krew index|install add
kubectl oc k : apply|create|replace /(?:-f|--filename|-k|--kustomize)[\s=]*(?:https?:\/\/|\/tmp\/|github\.com)/ !/raw\.githubusercontent\.com\/kubernetes|https:\/\/k8s\.io|github\.com\/(?:kubernetes|cert-manager|jetstack|argoproj)|projectcalico/
asdf mise rtx : plugin|plugins add|install|i|link /https?:\/\/|git@/ !/github\.com\/(?:asdf|mise)/
vagrant : box add /https?:\/\/|--insecure/
ansible-galaxy : install|role|collection /git\+|https?:\/\/|--ignore-certs|-c\b|-s\s+http/
terraform : init /-plugin-dir|-from-module/
code codium cursor windsurf : --install-extension /\.vsix|\/tmp|https?:/
jupyter : labextension|nbextension|serverextension install /https?:|--py\s|\/tmp/
R Rscript julia : /install\.packages\(\S*(?:http|repos)|Pkg\.add\(\S*url|install_github|devtools::install_(?:git|url)|source\(\S*http/
deno : install|run|eval|cache|compile|serve|test|jupyter /\s-\w*A\w*\s.*https?:|--allow-(?:all|run).*https?:|\shttps?:\/\/(?!deno\.land|jsr\.io|esm\.sh)|--unsafely-ignore-certificate-errors/
nimble zef rebar3 mix : install|archive.install|escript.install /https?:|git|github/ !/hex\s|phx_new/
mix : archive.install|escript.install github|git|http*
pear pecl : install|channel-discover /https?:\/\/|channel-discover|\/tmp/
docker podman : /--disable-content-trust|--insecure-registry|--tls-verify=false/
git : clone|submodule /\s(?:http:\/\/(?!localhost|127\.|192\.168|10\.)|git:\/\/)\S+/ /&&|;/
opam : repository|pin add /https?:|git/
pip pip3 : install --break-system-packages --force-reinstall

@ delete package/remove risky Takes away software that the machine may need
apt apt-get aptitude : remove|purge|autoremove|autopurge /\s(?:\S*\*|linux-image\S*|linux-headers\S*|systemd\S*|libc6\S*|glibc\S*|bash|dash|coreutils|util-linux|sudo|apt|dpkg|python3?|python3-minimal|perl-base|openssh-server|openssh-client|ssh|network-manager|netplan\S*|ubuntu-desktop|gnome-shell|gdm3|xorg|grub\S*|initramfs-tools|init|e2fsprogs|ca-certificates|auditd|ufw|firewalld|iptables|nftables|apparmor\S*|selinux\S*|clamav\S*|fail2ban|rkhunter|chkrootkit|aide|tripwire|ossec\S*|wazuh\S*|falcon\S*|osquery|rsyslog|syslog-ng|cron|crowdsec|samhain|unattended-upgrades|needrestart|docker\S*|containerd\S*|nginx|apache2|mysql-server\S*|postgresql\S*|mariadb-server\S*|mongodb\S*|redis-server)\s/
apt apt-get aptitude : autopurge|--purge
yum dnf microdnf zypper tdnf rpm-ostree : remove|erase|rm|autoremove|-e /\s(?:\S*\*|kernel\S*|systemd\S*|glibc\S*|bash|coreutils|sudo|dnf|yum|rpm|python3?|openssh\S*|NetworkManager\S*|firewalld|audit\S*|iptables|nftables|selinux\S*|clamav\S*|fail2ban|aide|falcon\S*|osquery|rsyslog|cronie|docker\S*|grub2\S*|dracut|nginx|httpd|mysql\S*|mariadb\S*|postgresql\S*|mdatp|crowdstrike\S*|sentinel\S*)\s/
yum dnf : history undo|rollback
rpm : -e|--erase
pacman yay paru : -Rns|-Rnsc|-Rdd|-Rcns|-Rc|-Rsc|-Rsn|-Rscn|-Rd /-R\w*(?:dd|c\w*)\s|\s(?:systemd|glibc|bash|linux|linux-\S+|pacman|sudo|coreutils|base|openssh|networkmanager|filesystem|util-linux|iptables|nftables|ufw|audit)\s|\$\(|\uFFFC/
apk : del /\s(?:musl\S*|busybox|alpine-base\S*|apk-tools|openrc|openssh\S*|libc\S*|bash|sudo|linux-\S*|iptables|nftables|audit)\s/
dpkg : -P|--purge|-r|--remove /\s(?:libc6|bash|dpkg|apt|coreutils|systemd|sudo|init|linux-\S+|openssh-server|auditd|ufw|\S*\*)\s|--force/
brew : uninstall|remove|rm --zap|--ignore-dependencies
brew : uninstall|remove|rm /\uFFFC|\$\(brew/
snap : remove --purge
flatpak : uninstall|remove --all|--delete-data
pip pip2 pip3 uv : uninstall /\s(?:-r|--requirement)\s|\uFFFC|\s(?:pip|setuptools|wheel)\s|freeze/
npm pnpm yarn : uninstall|remove|rm|un|r -g|--global /\s(?:npm|yarn|pnpm|corepack|n)\s/
gem : uninstall -a|--all|-I|--ignore-dependencies|-x|/-\w*[aI]/
port : uninstall|reclaim|deactivate installed|inactive|all|--follow-dependents
nix-env : -e|--uninstall|--delete-generations|--rollback /\*|\.\*|--delete-generations|--rollback/
conda mamba micromamba : env|remove|clean|uninstall remove|base|--all|-a /remove\s.*(?:base\s.*--all|--all\s.*base)|env\s+remove\s.*base/
rustup : self uninstall
rvm : implode
pkg pkg_delete : delete|remove|autoremove|delete -a|--all|-f|-fa
emerge : --unmerge|-C
xbps-remove : -F
winget choco scoop : uninstall|remove --all|all|--purge|-p /--all|\sall\b|purge/
apt-mark : hold|unhold|auto /\s(?:linux|\*|\$\(|\uFFFC)/
dpkg : --clear-selections|--set-selections
`;
