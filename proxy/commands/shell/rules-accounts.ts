import { Options } from './command.js';
import type { RuleTable } from './rules.js';

export const accountRules: RuleTable = {
  'useradd adduser userdel deluser usermod groupadd groupdel groupmod addgroup delgroup newusers vipw vigr visudo chage gpasswd chpasswd': (
    c,
    run,
  ) => {
    const f = run.findings;
    const t = c.argv.join(' ');
    if (c.name === 'visudo') {
      if (!/-c\b|--check|-V/.test(t)) f.risk('privilege', 'account/sudoers', 'risky', 'Edits who may act as administrator');
      return;
    }
    if (/^(?:-V|--version|-h|--help)$/.test(c.argv[0] ?? '')) return;
    if (c.name === 'chage' && /-l\b|--list/.test(t)) return;
    if (c.argv.length === 0 && c.name !== 'chpasswd' && c.name !== 'vipw') return;
    if (/(?:^|\s)-[A-Za-z]*o[A-Za-z]*\s.*-u\s*0|-u\s*0\b|--uid[ =]0\b/.test(t))
      f.risk('privilege', 'account/root', 'catastrophic', 'Makes an account with the rights of the administrator');
    else if (/\b(?:sudo|wheel|admin|root|docker|adm|lxd|disk|shadow)\b/.test(t) && /-\w*G|-a\b|--groups|--append|-aG|^\S+\s+\S+$/.test(t))
      f.risk('privilege', 'account/admin-group', 'risky', `Gives an account more rights: ${c.name} ${t}`);
    else if (/^(?:useradd|adduser|newusers)$/.test(c.name)) f.risk('privilege', 'account/create', 'risky', `Makes an account: ${t}`);
    else if (/^(?:userdel|deluser)$/.test(c.name)) f.risk('delete', 'account/delete', 'risky', `Deletes an account: ${t}`);
    else if (c.name === 'chpasswd') f.risk('privilege', 'account/password', 'risky', 'Changes passwords');
    else if (/^(?:usermod|vipw|vigr)$/.test(c.name)) f.risk('privilege', 'account/change', 'risky', `Changes an account: ${t}`);
    else if (/^(?:groupdel|delgroup)$/.test(c.name)) f.risk('delete', 'account/delete-group', 'risky', `Deletes a group: ${t}`);
    else f.risk('privilege', 'account/group', 'notable', `Changes groups: ${c.name} ${t}`);
  },
  passwd: (c, run) => {
    const o = new Options(c.argv, ['n', 'x', 'w', 'i', 'R']);
    if (o.has('S', 'status', 'help')) return;
    run.findings.risk(
      'privilege',
      'account/password',
      o.has('d', 'delete', 'l', 'lock', 'u', 'unlock') || o.operands.includes('root') || c.stdin || c.privileged ? 'risky' : 'notable',
      `Changes a password${o.operands[0] ? ` of ${o.operands[0]}` : ''}`,
    );
  },
  chsh: (c, run) => {
    if (!c.argv.includes('-l') && c.argv.length > 0)
      run.findings.risk('persistence', 'account/shell', 'notable', "Changes an account's shell");
  },
  'dscl sysadminctl pwpolicy': (c, run) => {
    const t = c.argv.join(' ');
    if (/-create|-append|-delete|-passwd|-addUser|-deleteUser|-resetPasswordFor|-adminUser|-change|-merge/.test(t))
      run.findings.risk('privilege', 'account/change', 'risky', `Changes accounts of this Mac: ${t.split(' ').slice(0, 4).join(' ')}`);
  },
  security: (c, run) => {
    const verb = c.argv[0] ?? '';
    const t = c.argv.join(' ');
    if (/sallyport/i.test(t))
      run.findings.risk('disarm', 'gateway/keychain', 'catastrophic', "Reads or changes this gateway's keychain entries");
    else if (
      /^(?:find-(?:generic|internet)-password|dump-keychain|export|find-key)$/.test(verb) &&
      (/(?:^|\s)-\w*[wgd]/.test(t) || /dump|export/.test(verb))
    )
      run.findings.risk('secret-read', 'secret/keychain', 'risky', 'Reads passwords from the keychain');
    else if (
      /^(?:add-trusted-cert|delete-keychain|delete-(?:generic|internet)-password|unlock-keychain|set-keychain|authorizationdb|remove-trusted-cert)/.test(
        verb,
      )
    )
      run.findings.risk(
        'privilege',
        'secret/keychain-change',
        /unlock|set-/.test(verb) ? 'notable' : 'risky',
        'Changes the keychain or what is trusted',
      );
  },
  'secret-tool keyring kwallet-query keyctl pass op bw lpass gopass': (c, run) => {
    const t = c.argv.join(' ');
    if (/sallyport/i.test(t))
      run.findings.risk('disarm', 'gateway/keychain', 'catastrophic', "Reads or changes this gateway's keychain entries");
    else if (
      /^(?:lookup|search|get|read|print|pipe|show|export|list items|item get|-r|--read-password|dump)\b/.test(t) ||
      (c.name === 'pass' && c.argv.length === 1 && !/^(?:ls|list|init|git|help|version|-|--)/.test(t) && false)
    ) {
      run.findings.risk(
        'secret-read',
        'secret/store',
        c.name === 'secret-tool' || c.name === 'kwallet-query' || (c.name === 'op' && /--reveal|password|^read/.test(t))
          ? 'risky'
          : 'notable',
        `Reads a password from ${c.name}`,
      );
    }
  },
  'ssh-keygen': (c, run) => {
    const o = new Options(c.argv, [
      'f',
      'b',
      't',
      'N',
      'C',
      'P',
      'm',
      'R',
      'F',
      'O',
      'I',
      's',
      'n',
      'V',
      'z',
      'D',
      'E',
      'Y',
      'a',
      'Z',
      'k',
      'r',
      'w',
      'M',
      'S',
    ]);
    const lib = o.value('D');
    if (lib && /\.so|\.dylib|\//.test(lib)) run.findings.risk('execute', 'shell/load-library', 'risky', `Loads ${lib} into ssh-keygen`);
  },
  'ssh-copy-id': (c, run) =>
    run.findings.risk(
      'persistence',
      'shell/authorized-keys',
      c.argv.some((a) => /^root@|^\/tmp\//.test(a)) ? 'risky' : 'notable',
      'Lets a key sign in on another machine',
    ),
  'unshadow john hashcat hydra medusa ncrack crackmapexec nxc mimikatz responder secretsdump.py impacket-secretsdump lazagne': (c, run) => {
    if (c.argv.length === 0 || /^(?:-h|--help|--version|-V)/.test(c.argv[0] ?? '')) return;
    const real = /^(?:hydra|medusa|ncrack|crackmapexec|nxc|mimikatz|responder|secretsdump|impacket|lazagne)/.test(c.name);
    run.findings.risk('secret-read', 'secret/attack-tool', real ? 'risky' : 'notable', `Runs ${c.name}, which attacks or reads passwords`);
  },
  loginctl: (c, run) => {
    if (/^(?:terminate|kill)-/.test(c.argv[0] ?? ''))
      run.findings.risk('service', 'shell/kill-session', 'notable', 'Ends sessions of users');
  },
  unset: (_c, _run) => {},
};
