import type { Word } from './flow.js';

interface Wrapper {
  /** Options that take the next word. */
  valued?: string;
  /** Operands before the wrapped command. */
  skip?: number;
  privileged?: boolean;
  remote?: boolean;
  /** `NAME=value` words may stand before the command. */
  assigns?: boolean;
  /** The rest is a string for a shell rather than words. */
  joined?: boolean;
  /** Everyday wrapper: a bare shell under it is not an escape by itself. */
  plain?: boolean;
}

/** Programs that run another program given on their command line. */
const WRAPPERS: Record<string, Wrapper> = {
  sudo: {
    valued: 'u g h p C T r t U R D user group host prompt chdir chroot close-from role type other-user',
    privileged: true,
    assigns: true,
    plain: true,
  },
  doas: { valued: 'u C', privileged: true, plain: true },
  run0: { valued: 'u g D user group nice chdir unit property', privileged: true, assigns: true },
  pkexec: { valued: 'user', privileged: true },
  please: { valued: 'u t', privileged: true },
  dzdo: { privileged: true },
  gosu: { skip: 1, privileged: true },
  'su-exec': { skip: 1, privileged: true },
  env: { valued: 'u C unset chdir argv0', assigns: true, plain: true },
  command: { plain: true },
  builtin: { plain: true },
  exec: { valued: 'a', plain: true },
  noglob: { plain: true },
  nocorrect: { plain: true },
  '-': { plain: true },
  time: { valued: 'f o format output', plain: true },
  nohup: { plain: true },
  setsid: { plain: true },
  disown: {},
  nice: { valued: 'n adjustment' },
  ionice: { valued: 'c n p class classdata pid' },
  stdbuf: { valued: 'i o e input output error' },
  unbuffer: {},
  timeout: { valued: 'k s kill-after signal', skip: 1 },
  gtimeout: { valued: 'k s', skip: 1 },
  chrt: { valued: 'T P D', skip: 1 },
  taskset: { valued: 'p', skip: 1 },
  numactl: { valued: 'C N m p i' },
  prlimit: { valued: 'p' },
  cpulimit: { valued: 'l p e P limit exe path' },
  softlimit: { valued: 'a c d f l m n o p r s t' },
  strace: { valued: 'a e o O p s S u E P I b X' },
  ltrace: { valued: 'a e o p s S u n l x F D A' },
  valgrind: {},
  perf: { skip: 1, valued: 'e o' },
  catchsegv: {},
  rlwrap: { valued: 'f H s S l b D P' },
  faketime: { skip: 1 },
  eatmydata: {},
  fakeroot: { valued: 'i s l b' },
  proot: { valued: 'r b w q R S' },
  chroot: { valued: 'userspec groups', skip: 1 },
  choom: { valued: 'n p' },
  unshare: { valued: 'R w S G propagation setgroups' },
  nsenter: { valued: 't S G target setuid setgid' },
  setpriv: {
    valued: 'reuid regid ruid euid rgid egid groups inh-caps ambient-caps bounding-set securebits selinux-label apparmor-profile',
  },
  firejail: {},
  bwrap: { valued: 'bind ro-bind dev proc tmpfs dir symlink chdir setenv unsetenv dev-bind' },
  proxychains: { valued: 'f' },
  proxychains4: { valued: 'f' },
  torsocks: {},
  torify: {},
  tsocks: {},
  'dbus-run-session': { valued: 'config-file dbus-daemon' },
  'dbus-launch': {},
  'systemd-run': {
    valued: 'u p E M H d t unit property setenv uid gid slice description working-directory service-type on-active on-boot on-calendar',
    assigns: true,
  },
  'systemd-inhibit': { valued: 'what who why mode' },
  caffeinate: { valued: 't w' },
  xvfb: {},
  'xvfb-run': { valued: 'n s e f w p' },
  flock: { valued: 'w E timeout', skip: 1 },
  setlock: { skip: 1 },
  chpst: { valued: 'u U b e / C n l L m d o p f c t r' },
  logsave: { skip: 1 },
  setarch: { skip: 1 },
  linux32: {},
  linux64: {},
  i386: {},
  x86_64: {},
  'aa-exec': { valued: 'p n profile namespace' },
  'ssh-agent': { valued: 'a t' },
  agetty: { skip: 99 },
  multitime: { valued: 'n' },
  hyperfine: { valued: 'w r N p c n s warmup runs prepare cleanup', joined: true },
  entr: {},
  watch: { valued: 'n interval', joined: true },
  viddy: { valued: 'n', joined: true },
  xdotool: { skip: 99 },
  'start-stop-daemon': { skip: 99 },
  elvish: { skip: 99 },
  op: { skip: 99 },
  ts: { skip: 99 },
  arch: {},
  pidproxy: { skip: 1 },
  tini: {},
  'dumb-init': {},
  s6: {},
  dotenv: { valued: 'f' },
  direnv: { skip: 99 },
  busybox: {},
  toybox: {},
  coreutils: {},
  uvx: { skip: 99 },
};

export interface Peeled {
  words: Word[];
  privileged: boolean;
  remote: boolean;
  /** Wrappers taken off, outermost first. */
  via: string[];
  /** Set: the rest must be read as shell source. */
  joined?: string;
  env: [string, string][];
  /** A wrapper that is no everyday one was taken off. */
  odd: boolean;
}

export function baseName(text: string): string {
  const b = text.replace(/^.*[/\\](?=[^/\\]+$)/, '');
  return b.replace(/\.(?:exe|com|cmd|bat)$/i, '');
}

/** Takes off one layer after the other, at most 12. */
export function peel(words: Word[]): Peeled {
  const p: Peeled = { words, privileged: false, remote: false, via: [], env: [], odd: false };
  for (let layer = 0; layer < 12 && p.words.length > 1; layer++) {
    const name = baseName(p.words[0]!.text);
    const w = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
    if (!w || w.skip === 99) return p;
    const rest = p.words.slice(1);
    if (name === 'command' && /^-[vV]/.test(rest[0]?.text ?? '')) return p;
    if ((name === 'busybox' || name === 'toybox') && rest[0]?.text.startsWith('-')) return p;
    if (
      name === 'sudo' &&
      /^-[^-]*[eliskv]/.test(rest[0]?.text ?? '') &&
      !/^-[^-]*[ueghpCTrtURD]/.test(rest[0]?.text ?? '') &&
      /^-[^-]*[elvk]/.test(rest[0]!.text)
    )
      return p;
    const valued = new Set((w.valued ?? '').split(' '));
    let i = 0;
    let skip = w.skip ?? 0;
    for (; i < rest.length; i++) {
      const t = rest[i]!.text;
      if (t === '--') {
        i++;
        break;
      }
      if (w.assigns && /^[A-Za-z_]\w*=/.test(t)) {
        const eq = t.indexOf('=');
        p.env.push([t.slice(0, eq), t.slice(eq + 1)]);
        continue;
      }
      if (t.startsWith('-') && t.length > 1) {
        if (name === 'env' && /^-[iv0]*S/.test(t)) {
          p.joined = [t.replace(/^-[iv0]*S/, ''), ...rest.slice(i + 1).map((x) => x.text)].join(' ');
          p.via.push(name);
          return p;
        }
        if (name === 'flock' && /^-c$|^--command$/.test(t)) {
          p.joined = rest[i + 1]?.text ?? '';
          p.via.push(name);
          p.odd = true;
          return p;
        }
        const long = t.startsWith('--');
        if (long ? !t.includes('=') && valued.has(t.slice(2)) : valued.has(t[t.length - 1]!) && t.length === 2) i++;
        else if (
          !long &&
          t.length > 2 &&
          valued.has(t[t.length - 1]!) &&
          ![...t.slice(1, -1)].some((ch) => valued.has(ch)) &&
          name === 'sudo'
        )
          i++;
        continue;
      }
      if (skip > 0) {
        skip--;
        continue;
      }
      break;
    }
    if (name === 'flock' && rest[i]?.text === '-c') {
      p.joined = rest[i + 1]?.text ?? '';
      p.via.push(name);
      p.odd = true;
      return p;
    }
    if (i >= rest.length) return p;
    p.privileged ||= w.privileged ?? false;
    p.remote ||= w.remote ?? false;
    p.odd ||= !w.plain;
    p.via.push(name);
    if (w.joined) {
      p.joined = rest
        .slice(i)
        .map((x) => x.text)
        .join(' ');
      return p;
    }
    p.words = rest.slice(i);
  }
  return p;
}
