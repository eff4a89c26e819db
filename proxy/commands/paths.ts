/** What a path is to its owner. `temp` and `workspace` are ordinary ground; everything else is somebody's. */
export type Ground =
  | 'root'
  | 'home' // the home folder itself, or all homes
  | 'system' // /etc, /usr, C:\Windows …
  | 'var' // /var, /opt, /srv, /mnt: shared state
  | 'device'
  | 'home-inside'
  | 'temp'
  | 'workspace' // relative, or under the declared working folder
  | 'workspace-all' // . or * in the working folder
  | 'parent' // .. and above
  | 'elsewhere'
  | 'unknown';

export interface Place {
  cwd?: string | undefined;
  home?: string | undefined;
}

export const UNKNOWN = '\uFFFC';

const WINDOWS_ABSOLUTE = /^[A-Za-z]:[\\/]?/;

/** Resolves `~`, `.`, `..` and doubled slashes; a path that stays relative is returned relative. Home is written `~`. */
export function resolvePath(raw: string, place: Place): string {
  let p = raw.trim();
  p = p.replace(/^(?:file:\/\/)(?=\/)/, '');
  if (WINDOWS_ABSOLUTE.test(p) || /^\\\\/.test(p)) return p.replace(/\\/g, '/').replace(/\/+/g, '/');
  p = p
    .replace(/^(?:%USERPROFILE%|\$env:USERPROFILE|\$env:HOME|%HOMEPATH%)/i, '~')
    .replace(/\\(?=[\w.])/g, (m) => (p.startsWith('~') ? '/' : m));
  if (!p.startsWith('/') && !p.startsWith('~') && place.cwd && !p.startsWith(UNKNOWN)) p = `${place.cwd}/${p}`;
  const lead = p.startsWith('/') ? '/' : '';
  const out: string[] = [];
  for (const s of p.split('/')) {
    if (s === '' || s === '.') continue;
    if (s === '..') {
      if (out.length === 0 && lead) continue;
      if (out.length > 0 && out[out.length - 1] !== '..') {
        if (out.length === 1 && out[0] === '~') {
          out[0] = '/home';
          return normalHome(`/home/${p.split('/').slice(2).join('/')}`, place);
        }
        out.pop();
        continue;
      }
    }
    out.push(s);
  }
  return normalHome(lead + out.join('/') || '.', place);
}

function normalHome(p: string, place: Place): string {
  const home = place.home?.replace(/\/+$/, '');
  if (home && home.length > 1 && (p === home || p.startsWith(`${home}/`))) return `~${p.slice(home.length)}`;
  return p;
}

const SYSTEM =
  /^\/(?:etc|usr|bin|sbin|lib|lib32|lib64|libx32|boot|sys|proc|run|System|Library|Applications|private\/etc|kernel|initrd\S*|vmlinuz\S*)(?:\/|$|\*)/;
const VAR = /^\/(?:var|opt|srv|mnt|media|Volumes|data|cygdrive)(?:\/|$)/;
const TEMP = /^(?:\/tmp|\/var\/tmp|\/private\/(?:var\/)?tmp|\/private\/var\/folders|\/var\/folders|\/dev\/shm)(?:\/|$)/;
const WINDOWS_SYSTEM = /^[A-Za-z]:\/(?:windows|program files|programdata|boot|system volume information)/i;
const DEVICE = /^\/dev\/(?!null$|zero$|full$|u?random$|std(?:in|out|err)$|tty\w*$|fd\/|pts\/|shm(?:\/|$)|tcp\/|udp\/|ptmx$)/;

/** Says what ground a path is. Unresolved parts ({@link UNKNOWN}) make it `unknown` unless a fixed front says more. */
export function groundOf(raw: string, place: Place): Ground {
  const p = resolvePath(raw, place);
  if (p.startsWith(UNKNOWN)) return p === UNKNOWN || !/^\uFFFC\/*\*?$/.test(p) ? 'unknown' : 'unknown';
  if (p === '/' || /^\/\**$/.test(p) || /^\/\.\*$/.test(p) || /^\/[?*[{]/.test(p)) return 'root';
  if (WINDOWS_ABSOLUTE.test(p)) {
    if (/^[A-Za-z]:\/?\**(?:\.\*)?$/.test(p)) return 'root';
    if (WINDOWS_SYSTEM.test(p)) return 'system';
    if (/^[A-Za-z]:\/users(?:\/[^/]*)?\/?\**$/i.test(p)) return 'home';
    if (/^[A-Za-z]:\/(?:temp|tmp)\b|\/appdata\/local\/temp\b/i.test(p)) return 'temp';
    return 'elsewhere';
  }
  if (/^~[^/]*(?:\/(?:\*|\.\*|\.\?\*|\.\[\^\.\]\*))?$/.test(p)) return 'home';
  if (p.startsWith('~'))
    return /^~\/\S/.test(p) && place.cwd && inside(p, resolvePath(place.cwd, { home: place.home })) ? 'workspace' : 'home-inside';
  if (/^\/(?:home|Users|root)\/?\**$/.test(p) || /^\/(?:home|Users)\/[^/]+(?:\/\*|\/\.\*)?$/.test(p) || /^\/root\/\.?\*$/.test(p)) {
    return place.cwd && p === resolvePath(place.cwd, {}) ? 'workspace-all' : 'home';
  }
  if (place.cwd) {
    const cwd = resolvePath(place.cwd, { home: place.home });
    // Who steps into a folder of the system does not make it a working folder (sources are built below /usr/src).
    if (cwd !== '/' && cwd !== '~' && (!SYSTEM.test(cwd) || /^\/usr\/(?:local\/)?src\//.test(cwd))) {
      if (p === cwd || p === `${cwd}/*` || p === `${cwd}/.*`) return 'workspace-all';
      if (inside(p, cwd)) return 'workspace';
    }
  }
  if (TEMP.test(p)) return 'temp';
  if (DEVICE.test(p)) return 'device';
  if (p === '/dev' || SYSTEM.test(p)) return 'system';
  if (VAR.test(p)) return 'var';
  if (/^\/(?:home|Users)\/[^/]+\/|^\/root\//.test(p)) return 'home-inside';
  if (p.startsWith('/')) return 'elsewhere';
  if (p === '.' || /^\.?\*+$/.test(p) || p === '*.*') return 'workspace-all';
  if (p.startsWith('..')) return 'parent';
  return 'workspace';
}

function inside(p: string, folder: string): boolean {
  return p.startsWith(`${folder}/`);
}

/** Where tools of developers keep what signs them in: `~/.tool/token`, `~/.config/tool/credentials.json`, and folders that hold little else. */
const TOOL_SECRET =
  /(?:^|\/)\.(?:aws|kube|gnupg|azure|password-store|thunderbird|mozilla(?:\/firefox)?|config\/(?:gcloud|google-chrome|chromium|BraveSoftware|microsoft-edge|Slack|Signal|discord))(?:\/\*?)?$|Library\/(?:Keychains|Application Support\/(?:Google\/Chrome|Firefox))(?:\/\*?)?$|(?:^|\/)\.(?:config\/)?[\w.-]+\/(?:[\w.-]+\/){0,3}(?:\.?credentials?|\.?tokens?|auth|oauth\w*|access_?tokens?|api[_-]?keys?|secrets?|session|identity|hosts|accounts?|logins?|stored_tokens)(?:\.(?:json|ya?ml|toml|ini|db|txt|xml|plist|enc|tfrc\.json))?$|(?:^|~\/)\.(?:databrickscfg|snowsql\/config|kaggle\/kaggle\.json|huggingface\/|cache\/huggingface\/token|fly\/config\.yml|netlify\/config\.json|config\/(?:netlify\/config\.json|configstore\/|hub$|heroku|solana\/|filezilla|op\/|sops\/|gcloud|doctl|rclone|hcloud|linode-cli|scw|stripe|ngrok|github-copilot|gh\/|glab-cli|Slack|discord|Signal|Bitwarden|1Password|KeePass|Code\/User\/globalStorage|containers\/auth|helm\/|age\/|pulumi|supabase|wrangler|vercel|railway)|wgetrc|curlrc|purple\/accounts\.xml|anthropic\/|openai\/|codex\/auth|claude\/\.credentials|claude\.json|gemini\/oauth|ngrok2?\/|oci\/(?:config|\S*key)|ibmcloud|aliyun\/config|tccli|volcengine|bluemix|pulumi\/credentials|vault-token|ansible\/vault|sentryclirc|twurlrc|toot|lastpass|password-store|authinfo|msmtprc|mutt\/\S*pass|offlineimaprc|fetchmailrc|mbsyncrc|irssi\/config|weechat\/sec\.conf|nuget\/NuGet\.Config|composer\/auth\.json|bundle\/config|sbt\/\S*credentials|ivy2\/\S*credentials|gradle\/gradle\.properties|jenkins\/secrets|chef\/\S*\.pem|cloudflared\/|minikube\/\S*key|rancher\/|k3d\/kubeconfig|talos\/config|argocd\/config|consul-token|nomad-token|smbcredentials|cifs\S*cred|tsh\/|step\/secrets|gnome2\/keyrings|local\/share\/(?:keyrings|kwalletd|opencode\/auth|amazon-q)|pki\/nssdb|putty\/|Xauthority|ICEauthority|rhosts|monero|litecoin|dogecoin|zcash|config\/(?:Exodus|Ledger Live|Electrum|atomic))|Library\/Application Support\/(?:Bitcoin|Ethereum|Electrum|Exodus|Ledger Live|1Password|Bitwarden|Slack|discord|Signal|Telegram|com\.apple\.TCC|AddressBook|MobileSync\/Backup|iCloud)|(?:^|\/)etc\/(?:kubernetes\/(?:admin|controller-manager|scheduler|kubelet|super-admin)\.conf|kubernetes\/pki\/\S*\.key|rancher\/\S*\.yaml|openvpn\/\S+|wpa_supplicant\/|mysql\/debian\.cnf|letsencrypt\/(?:live|archive|accounts)|pki\/\S*private|duplicity|backup\S*pass|postfix\/sasl_passwd|exim4\/passwd|dovecot\/\S*passwd|samba\/\S*(?:passdb|smbpasswd|secrets)|freeradius\S*clients|ldap\.secret|nslcd\.conf|sssd\/sssd\.conf|grafana\/grafana\.ini|gitlab\/gitlab-secrets|docker\/(?:key\.json|certs)|vault\.d|consul\.d|nomad\.d|cloud\/cloud\.cfg|krb5\.conf\.d\S*keytab|iscsi\/iscsid\.conf|multipath|apt\/auth\.conf|yum\.repos\.d\/\S*secret|environment\.d\S*secret)|\/var\/(?:lib\/(?:jenkins\/(?:secrets|credentials\.xml)|rancher\/\S*(?:token|key)|kubelet\/(?:pki|pods\S*secret|config)|docker\/swarm|sss\/(?:db|secrets)|samba\/private|cloud\/instance\S*user-data|gitlab\S*secrets|NetworkManager\/secret|bluetooth|iwd\/|AccountsService|mysql\/mysql\/user|openvpn\S*key|waagent\S*prv|tor\/\S*(?:hs_ed25519_secret|private_key))|db\/(?:dslocal\/nodes|shadow|SystemKey|lockdown)|backups\/(?:shadow|passwd|gshadow)|run\/(?:docker\/swarm|user\/\d+\/(?:keyring|gnupg)))|\/proc\/(?:kcore|[^/]+\/(?:environ|mem)|\*\/(?:cmdline|maps|fd)|keys)|(?:^|\/)\.(?:env|secrets?|passwords?|credentials?|htpasswd|netrc)$|(?:^|\/)(?:terraform\.tfstate(?:\.backup)?|\S*\.tfvars|\S*\.ovpn|wallet\.json|keystore\/UTC--\S+|mnemonic\S*|seed[_-]?phrase\S*|recovery[_-]?(?:codes?|key)\S*|service[_-]?account\S*\.json|firebase-adminsdk\S*\.json|google-services-secret\S*|gha-creds\S*\.json|id_\w+_sk|ssh_host_\w+_key|shadow(?:-|\.bak)?|passwd-|gshadow-|ntlm\S*hash\S*|sam\.(?:hive|save)|lsass\.dmp)$/i;

/** Files whose content is a credential, whoever owns them. */
const SECRET =
  /(?:\.mozilla\/firefox|Firefox\/Profiles|\.config\/(?:google-chrome|chromium|BraveSoftware|microsoft-edge|opera|vivaldi)|(?:Google\/Chrome|BraveSoftware\/Brave-Browser|Microsoft(?:\/| )Edge|Chromium|Arc)(?:\/User Data)?)\/(?:[^/]+\/)*(?:Login Data|Cookies|Web Data|History|Local State|formhistory\.sqlite|places\.sqlite|cookies\.sqlite|key[34]\.db|logins\.json)|Library\/(?:Messages\/chat\.db|Cookies\/|Safari\/(?:History|Form Values)|Mail\/V\d)|(?:^|\/)\.thunderbird\/|(?:^|\/)\.ssh(?:$|\/(?:id_|identity|.*key|\*))|(?:^|\/)(?:id_rsa|id_dsa|id_ecdsa|id_ed25519)(?!\.pub)(?:$|[^\w.])|(?:^|\/)\.aws\/(?:credentials|config|sso)|\.kube\/config|(?:^|\/)kubeconfig$|\.config\/(?:gcloud|gh\/hosts|op|doctl|rclone)|application_default_credentials\.json|(?:^|\/)[._]netrc$|(?:^|\/)\.(?:npmrc|pypirc|git-credentials|pgpass|my\.cnf|vault-token|htpasswd|s3cfg|boto|dockercfg|terraformrc)$|\.docker\/config\.json|\.cargo\/credentials|\.gem\/credentials|\.azure\/(?:accessTokens|msal|service_principal)|\.terraform\.d\/credentials|\.m2\/settings\.xml|(?:^|\/)etc\/(?:shadow|gshadow|sudoers|master\.passwd|krb5\.keytab|security\/opasswd|ssl\/private|ssh\/ssh_host_\w+_key(?!\.pub)|ipsec\.secrets|ppp\/.*secrets|wireguard|openvpn\/.*\.key|NetworkManager\/system-connections)|(?:^|[\w/-])\.(?:pem|p12|pfx|jks|keystore|kdbx|ppk|asc\.key|keytab)$|[\w-]+\.(?:pem|p12|pfx|jks|keystore|kdbx|ppk|keytab)$|(?:^|\/)(?:private|server|client|tls|ssl|privkey|secret)[\w-]*\.key$|(?:^|\/)\.env(?:\.(?!example|sample|template|dist)[\w.-]+)?$|\.gnupg(?:\/|$)|secring|(?:^|\/)wallet\.dat$|\.(?:bitcoin|ethereum|electrum)\/|Login Data|Cookies$|cookies\.sqlite|key[34]\.db|logins\.json|Local State$|\/proc\/(?:self|\d+|\*|\uFFFC)\/(?:environ|mem)$|\/var\/run\/secrets|\/run\/secrets|serviceaccount\/token|config\/(?:SAM|SYSTEM|SECURITY)$|\bNTDS\.dit|\.password-store|(?:discord\w*|Local Storage|Exodus\/exodus\.wallet|Atomic\/Local Storage|Local Extension Settings)\/(?:leveldb|nkbihfbeogaeaoehlefnkodbefgpgknn)|(?:^|\/)(?:tdata|exodus\.wallet|recentservers\.xml|sitemanager\.xml|loginusers\.vdf|WinSCP\.ini)(?:$|\/)|Microsoft\/(?:Credentials|Protect)(?:$|\/)|keychains?\/|\.bash_history$|\.zsh_history$|\.(?:mysql|psql|python)_history$|credentials?\.(?:json|ya?ml|xml|ini|txt|csv|db)$|secrets?\.(?:json|ya?ml|xml|ini|txt|toml)$|passwords?\.(?:json|ya?ml|xml|ini|txt|csv|db)$|master\.key$/i;

const CERTAIN =
  /Cookies$|cookies\.sqlite|Local State$|Web Data$|User Data\/|firefox\/|google-chrome\/|chromium\/|BraveSoftware\/|Chrome\/|chat\.db|Library\/(?:Safari|Cookies|Mail|Messages)\/|\.ssh(?:\/|$)|id_(?:rsa|dsa|ecdsa|ed25519)|\.aws\/|\.kube\/|kubeconfig|gcloud|application_default|netrc|\.git-credentials|\.pgpass|\.vault-token|\/etc\/(?:shadow|gshadow|sudoers|master|krb5|security|ssh\/)|\.gnupg|wallet\.dat|Login Data|logins\.json|key[34]\.db|environ$|serviceaccount|run\/secrets|config\/(?:SAM|SYSTEM|SECURITY)|NTDS|\.password-store|_history$|\.docker\/config|\.env(?:$|\.)|\.npmrc|\.pypirc|secring|\.my\.cnf/i;

/** Files that are credentials for certain, whatever they are used for (a `.pem` may be a public certificate). */
export function isCertainSecret(raw: string, place: Place = {}): boolean {
  const at = resolvePath(raw, place);
  return (
    (CERTAIN.test(at) && SECRET.test(at)) ||
    (TOOL_SECRET.test(at) && isSecretFile(raw, place)) ||
    (/[*?[]/.test(at) && patternMeetsSecret(at))
  );
}

/** The usual homes of credentials, for names that are hidden by a pattern (`~/.k?be/con*`). */
const USUAL =
  '~/.ssh/id_rsa ~/.ssh/id_ed25519 ~/.aws/credentials ~/.kube/config ~/.netrc ~/.gnupg/secring.gpg ~/.docker/config.json ~/.git-credentials ~/.npmrc ~/.pgpass ~/.bash_history /etc/shadow /etc/gshadow /etc/sudoers /proc/self/environ /root/.ssh/id_rsa /root/.bash_history ~/.config/gcloud/credentials.db ~/.vault-token'.split(
    ' ',
  );

function patternMeetsSecret(at: string): boolean {
  // `*` alone stands for no name that begins with a dot, and a pattern of nothing but stars says nothing.
  if (at.length > 120 || !/[\w]/.test(at.replace(/^~\//, '')) || !/\/[^/]*\w[^/]*[*?[]|[*?[][^/]*\w/.test(at)) return false;
  let re = '';
  for (let i = 0; i < at.length; i++) {
    const ch = at[i]!;
    const first = i === 0 || at[i - 1] === '/';
    if (ch === '*') re += first ? '(?!\\.)[^/]*' : '[^/]*';
    else if (ch === '?') re += first ? '[^/.]' : '[^/]';
    else if (ch === '[') {
      const end = at.indexOf(']', i + 1);
      if (end < 0) return false;
      re += `[${at
        .slice(i + 1, end)
        .replace(/[\\[\]^]/g, '')
        .replace(/^!/, '^')}]`;
      i = end;
    } else re += ch.replace(/[.+^${}()|\\\]]/g, '\\$&');
  }
  try {
    const pattern = new RegExp(`^${re}$`);
    return USUAL.some((p) => pattern.test(p));
  } catch {
    return false;
  }
}

/** Files that list accounts: not secret, yet the first thing that is read before an attack. */
const ACCOUNTS =
  /(?:^|\/)etc\/(?:passwd|group|sudoers\.d|crontab|hosts\.allow|ssh\/sshd_config|pam\.d|security|fstab|exports|ssl|ssh)(?:\/|$)/;

export function isSecretFile(raw: string, place: Place = {}): boolean {
  // A public key, and the bare word `kubeconfig` (a verb of many tools), are no credentials.
  if (/\.pub$|^kubeconfig$|\.(?:example|sample|template|dist|md)$/.test(raw)) return false;
  // A bare word without a dot or a stroke names no such file.
  if (
    !/[./~]/.test(raw) &&
    (place.cwd === undefined || !/\/\.|\/etc|\/var/.test(place.cwd)) &&
    !/^(?:shadow|gshadow|id_\w+|passwd-|kubeconfig|History|Cookies|Login|NTDS|SAM|SYSTEM|SECURITY|secrets?|environ|mem)/.test(raw)
  )
    return false;
  const at = resolvePath(raw, place);
  return SECRET.test(at) || TOOL_SECRET.test(at) || (/[*?[]/.test(at) && patternMeetsSecret(at));
}

export function isAccountsFile(raw: string, place: Place = {}): boolean {
  return ACCOUNTS.test(resolvePath(raw, place));
}

/** Does a file (a path already resolved) decide who may do what on this machine? */
export function decidesAccess(at: string): boolean {
  return /etc\/(?:passwd|shadow|gshadow|sudoers|sudoers\.d\/.*|ld\.so\.preload|pam\.d\/.*)$/.test(at);
}

const PERSISTENCE =
  /(?:^|\/)\.(?:bashrc|bash_profile|bash_login|bash_logout|bash_aliases|profile|zshrc|zshenv|zprofile|zlogin|kshrc|cshrc|tcshrc|xinitrc|xprofile|xsession|inputrc|vimrc|gitconfig|gdbinit|lldbinit|pam_environment|emacs|emacs\.el|spacemacs|tmux\.conf|screenrc|envrc|irbrc|pryrc|pythonrc|Rprofile|Renviron|octaverc|psqlrc|sqliterc|mongorc\.js|mailcap|xsessionrc|xserverrc|Xresources|xbindkeysrc|hushlogin|forward|procmailrc|netrwhist|direnvrc|wgetrc|curlrc|condarc|gemrc|pip\/pip\.conf|config\/pip\/pip\.conf|hgrc|inputrc|editrc|login|logout|bash_functions|bash_completion|zlogout|zshrc\.local|oh-my-zsh\/\S+\.zsh|exrc|ideavimrc|nanorc|hammerspoon\/init\.lua|yabairc|skhdrc|amethyst\S*|finicky\.js|terminfo\/\S+)$|\.emacs\.d\/(?:init|early-init)|(?:^|\/)\.config\/(?:nvim|emacs|doom|helix|kitty|alacritty|wezterm|hypr|sway|i3|bspwm|sxhkd|awesome|openbox|qtile|polybar|waybar|direnv|environment\.d|plasma-workspace|lxsession|pip|git|mc|mpv\/scripts|ranger|lf|vis|kak|micro|zsh|bash|powershell|starship\.toml|mise|asdf|npm|yarn|nushell|elvish|xonsh|tmux)\/|(?:^|\/)\.vscode\/tasks\.json$|(?:^|\/)\.(?:vim|nvim)\/(?:plugin|autoload|after|ftplugin|pack)\/|(?:^|\/)\.git\/(?:info\/attributes|modules\/)|\.local\/share\/(?:applications\/\S+\.desktop|systemd|dbus-1)|\.local\/lib\/\S*\.pth|Library\/(?:Application Scripts|Services|QuickLook|PreferencePanes|Spotlight|Internet Plug-Ins|Scripting\w*|ColorPickers|Input Methods|Screen Savers|Automator|Workflows|LaunchAgents|LoginItems|Preferences\/com\.apple\.loginitems)|System\/Library\/Extensions|Library\/Extensions\/|\/private\/etc\/(?:crontab|periodic|emond\.d|launchd)|etc\/(?:emond\.d|periodic|security\/pam_env|X11\/(?:Xsession|xinit)|xinetd|inetd\.conf|anacrontab|incron|logrotate\.d|dhcp\/\S*hooks|dhclient|ppp\/ip-up|network\/if-|acpi|kernel\/(?:postinst|preinst|install)|initramfs-tools|dracut|grub\.d|default\/grub|pacman\.d\/hooks|yum\.repos\.d|apt\/(?:sources|preferences|trusted)|dpkg\/dpkg\.cfg|sudo\.conf|gitconfig|vim\/|zshenv|fish\/|csh|bash_completion\.d\/\S*evil|tmpfiles\.d|sysusers\.d|binfmt\.d|modules-load\.d|polkit|dbus-1|pm\/|sv\/|s6|runit|monit|supervisor)|config\/fish\/(?:config\.fish|conf\.d|functions)|\.config\/(?:autostart|systemd)|\.ssh\/(?:authorized_keys2?|rc|config|environment)|etc\/(?:cron|anacrontab|profile|bash\.bashrc|bashrc|zsh|rc\.local|rc\d?\.d|init\.d|init\/|inittab|systemd|xdg\/autostart|ld\.so|environment|update-motd|modules|modprobe|udev|apt\/apt\.conf|skel|NetworkManager\/dispatcher)|\/var\/spool\/(?:cron|at)|\/lib\/systemd\/|\/usr\/lib\/systemd|Library\/(?:LaunchAgents|LaunchDaemons|StartupItems)|Start Menu[\\/]Programs[\\/]Startup|Microsoft\.PowerShell_profile|WindowsPowerShell\/profile|(?:^|\/)\.git\/(?:hooks\/|config$)|\.husky\/|\.githooks\/|(?:site-packages|dist-packages|\uFFFC)\/.*\.pth$|\/lib\/python[\d.]+\/[^/]+\.py$|sitecustomize\.py|usercustomize\.py|(?:^|\/)\.(?:claude|codex|cursor|gemini)\/(?:settings|hooks|config|mcp)|\.mcp\.json$/i;

/** Files that run by themselves later: start files, cron, services, hooks, agents' own settings. */
export function isPersistenceFile(raw: string, place: Place = {}): boolean {
  return PERSISTENCE.test(resolvePath(raw, place));
}

const AUTHORITY =
  /(?:^|\/)etc\/(?:passwd|shadow|gshadow|group|sudoers|pam\.d|security|ssh\/|hosts|resolv\.conf|nsswitch|selinux|apparmor|ld\.so|fstab|sysctl|securetty|shells|login\.defs|exports|doas\.conf|polkit)|System32\/(?:drivers\/etc\/hosts|config)/i;

/** Files that decide who may do what on the machine. */
export function isAuthorityFile(raw: string, place: Place = {}): boolean {
  return AUTHORITY.test(resolvePath(raw, place));
}

/** Made again from a manifest or a cache: nobody misses them. */
const CACHES =
  'target/(?:debug|release|classes|test-classes|doc|wasm32-[\\w-]+)|node_modules|bower_components|coverage|htmlcov|\\.next|\\.nuxt|\\.svelte-kit|\\.angular|\\.turbo|\\.cache|\\.parcel-cache|\\.vite|\\.pytest_cache|\\.mypy_cache|\\.ruff_cache|\\.tox|\\.nox|__pycache__|\\.eggs|[\\w.-]+\\.egg-info|\\.venv|venv|\\.gradle|DerivedData|Pods|tmp|\\.tmp|storybook-static|\\.serverless|\\.nyc_output|test-results|playwright-report';
/** Made by a build, yet at times the only copy of what was shipped. */
const BUILDS = 'dist|build|_build|out|output|target|\\.output|obj|bin|temp|cmake-build-\\w+';
const under = (names: string): RegExp => new RegExp(`^(?:\\./)?(?:[\\w@.-]+/){0,4}(?:${names})(?:/(?!\\.\\.)[^/]+){0,3}/?\\*?$`, 'i');
const CACHE = under(CACHES);
const BUILD = under(`${CACHES}|${BUILDS}`);

/**
 * Folders inside the working folder that are made again: caches, and (`builds`) what a build puts out. Absolute paths and paths
 * that climb do not count unless they lie under the declared working folder.
 */
export function isMadeAgain(raw: string, place: Place, builds: boolean): boolean {
  const path = raw.replaceAll('\\', '/');
  const known = builds ? BUILD : CACHE;
  if (/\uFFFC|\.\.\//.test(path) || path.length > 300) return false;
  if (!/^(?:\/|~|[A-Za-z]:)/.test(path)) return known.test(path);
  if (groundOf(raw, place) !== 'workspace' || !place.cwd) return false;
  const cwd = resolvePath(place.cwd, { home: place.home });
  return known.test(resolvePath(raw, place).slice(cwd.length + 1));
}
