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
    if (cwd !== '/' && cwd !== '~') {
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

/** Files whose content is a credential, whoever owns them. */
const SECRET =
  /(?:\.mozilla\/firefox|Firefox\/Profiles|\.config\/(?:google-chrome|chromium|BraveSoftware|microsoft-edge|opera|vivaldi)|(?:Google\/Chrome|BraveSoftware\/Brave-Browser|Microsoft(?:\/| )Edge|Chromium|Arc)(?:\/User Data)?)\/(?:[^/]+\/)*(?:Login Data|Cookies|Web Data|History|Local State|formhistory\.sqlite|places\.sqlite|cookies\.sqlite|key[34]\.db|logins\.json)|Library\/(?:Messages\/chat\.db|Cookies\/|Safari\/(?:History|Form Values)|Mail\/V\d)|(?:^|\/)\.thunderbird\/|(?:^|\/)\.ssh(?:$|\/(?:id_|identity|.*key|\*))|(?:^|\/)(?:id_rsa|id_dsa|id_ecdsa|id_ed25519)(?!\.pub)(?:$|[^\w.])|(?:^|\/)\.aws\/(?:credentials|config|sso)|\.kube\/config|(?:^|\/)kubeconfig$|\.config\/(?:gcloud|gh\/hosts|op|doctl|rclone)|application_default_credentials\.json|(?:^|\/)[._]netrc$|(?:^|\/)\.(?:npmrc|pypirc|git-credentials|pgpass|my\.cnf|vault-token|htpasswd|s3cfg|boto|dockercfg|terraformrc)$|\.docker\/config\.json|\.cargo\/credentials|\.gem\/credentials|\.azure\/(?:accessTokens|msal|service_principal)|\.terraform\.d\/credentials|\.m2\/settings\.xml|(?:^|\/)etc\/(?:shadow|gshadow|sudoers|master\.passwd|krb5\.keytab|security\/opasswd|ssl\/private|ssh\/ssh_host_\w+_key(?!\.pub)|ipsec\.secrets|ppp\/.*secrets|wireguard|openvpn\/.*\.key|NetworkManager\/system-connections)|(?:^|[\w/-])\.(?:pem|p12|pfx|jks|keystore|kdbx|ppk|asc\.key|keytab)$|[\w-]+\.(?:pem|p12|pfx|jks|keystore|kdbx|ppk|keytab)$|(?:^|\/)(?:private|server|client|tls|ssl|privkey|secret)[\w-]*\.key$|(?:^|\/)\.env(?:\.(?!example|sample|template|dist)[\w.-]+)?$|\.gnupg(?:\/|$)|secring|(?:^|\/)wallet\.dat$|\.(?:bitcoin|ethereum|electrum)\/|Login Data|Cookies$|cookies\.sqlite|key[34]\.db|logins\.json|Local State$|\/proc\/(?:self|\d+|\*|\uFFFC)\/(?:environ|mem)$|\/var\/run\/secrets|\/run\/secrets|serviceaccount\/token|config\/(?:SAM|SYSTEM|SECURITY)$|\bNTDS\.dit|\.password-store|(?:discord\w*|Local Storage|Exodus\/exodus\.wallet|Atomic\/Local Storage|Local Extension Settings)\/(?:leveldb|nkbihfbeogaeaoehlefnkodbefgpgknn)|(?:^|\/)(?:tdata|exodus\.wallet|recentservers\.xml|sitemanager\.xml|loginusers\.vdf|WinSCP\.ini)(?:$|\/)|Microsoft\/(?:Credentials|Protect)(?:$|\/)|keychains?\/|\.bash_history$|\.zsh_history$|\.(?:mysql|psql|python)_history$|credentials?\.(?:json|ya?ml|xml|ini|txt|csv|db)$|secrets?\.(?:json|ya?ml|xml|ini|txt|toml)$|passwords?\.(?:json|ya?ml|xml|ini|txt|csv|db)$|master\.key$/i;

const CERTAIN =
  /Cookies$|cookies\.sqlite|Local State$|Web Data$|User Data\/|firefox\/|google-chrome\/|chromium\/|BraveSoftware\/|Chrome\/|chat\.db|Library\/(?:Safari|Cookies|Mail|Messages)\/|\.ssh(?:\/|$)|id_(?:rsa|dsa|ecdsa|ed25519)|\.aws\/|\.kube\/|kubeconfig|gcloud|application_default|netrc|\.git-credentials|\.pgpass|\.vault-token|\/etc\/(?:shadow|gshadow|sudoers|master|krb5|security|ssh\/)|\.gnupg|wallet\.dat|Login Data|logins\.json|key[34]\.db|environ$|serviceaccount|run\/secrets|config\/(?:SAM|SYSTEM|SECURITY)|NTDS|\.password-store|_history$|\.docker\/config|\.env(?:$|\.)|\.npmrc|\.pypirc|secring|\.my\.cnf/i;

/** Files that are credentials for certain, whatever they are used for (a `.pem` may be a public certificate). */
export function isCertainSecret(raw: string, place: Place = {}): boolean {
  const at = resolvePath(raw, place);
  return CERTAIN.test(at) && SECRET.test(at);
}

/** Files that list accounts: not secret, yet the first thing that is read before an attack. */
const ACCOUNTS =
  /(?:^|\/)etc\/(?:passwd|group|sudoers\.d|crontab|hosts\.allow|ssh\/sshd_config|pam\.d|security|fstab|exports|ssl|ssh)(?:\/|$)/;

export function isSecretFile(raw: string, place: Place = {}): boolean {
  // A public key, and the bare word `kubeconfig` (a verb of many tools), are no credentials.
  return !/\.pub$|^kubeconfig$/.test(raw) && SECRET.test(resolvePath(raw, place));
}

export function isAccountsFile(raw: string, place: Place = {}): boolean {
  return ACCOUNTS.test(resolvePath(raw, place));
}

const PERSISTENCE =
  /(?:^|\/)\.(?:bashrc|bash_profile|bash_login|bash_logout|bash_aliases|profile|zshrc|zshenv|zprofile|zlogin|kshrc|cshrc|tcshrc|xinitrc|xprofile|xsession|inputrc|vimrc|gitconfig|gdbinit|pam_environment)$|config\/fish\/(?:config\.fish|conf\.d|functions)|\.config\/(?:autostart|systemd)|\.ssh\/(?:authorized_keys2?|rc|config|environment)|etc\/(?:cron|anacrontab|profile|bash\.bashrc|bashrc|zsh|rc\.local|rc\d?\.d|init\.d|init\/|inittab|systemd|xdg\/autostart|ld\.so|environment|update-motd|modules|modprobe|udev|apt\/apt\.conf|skel|NetworkManager\/dispatcher)|\/var\/spool\/(?:cron|at)|\/lib\/systemd\/|\/usr\/lib\/systemd|Library\/(?:LaunchAgents|LaunchDaemons|StartupItems)|Start Menu[\\/]Programs[\\/]Startup|Microsoft\.PowerShell_profile|WindowsPowerShell\/profile|(?:^|\/)\.git\/(?:hooks\/|config$)|\.husky\/|\.githooks\/|(?:site-packages|dist-packages|\uFFFC)\/.*\.pth$|\/lib\/python[\d.]+\/[^/]+\.py$|sitecustomize\.py|usercustomize\.py|(?:^|\/)\.(?:claude|codex|cursor|gemini)\/(?:settings|hooks|config|mcp)|\.mcp\.json$/i;

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
  'node_modules|bower_components|coverage|htmlcov|\\.next|\\.nuxt|\\.svelte-kit|\\.angular|\\.turbo|\\.cache|\\.parcel-cache|\\.vite|\\.pytest_cache|\\.mypy_cache|\\.ruff_cache|\\.tox|\\.nox|__pycache__|\\.eggs|[\\w.-]+\\.egg-info|\\.venv|venv|\\.gradle|DerivedData|Pods|tmp|\\.tmp|storybook-static|\\.serverless|\\.nyc_output|test-results|playwright-report';
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
