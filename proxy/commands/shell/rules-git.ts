import { groundOf } from '../paths.js';
import { Options } from './command.js';
import type { RuleTable } from './rules.js';

export const gitRules: RuleTable = {
  'git hub': (c, run) => {
    const f = run.findings;
    let i = 0;
    for (; i < c.argv.length; i++) {
      const a = c.argv[i]!;
      if (!a.startsWith('-')) break;
      if (/^(?:-C|-c|--git-dir|--work-tree|--namespace|--exec-path|--config-env)$/.test(a)) {
        const value = c.argv[++i] ?? '';
        if (
          a === '-c' &&
          /^(?:core\.(?:pager|editor|sshCommand|fsmonitor|hooksPath|askpass|gitProxy)|alias\.\w+|diff\.external|pager\.\w+|credential\.helper|protocol\.ext\.allow|sequence\.editor|filter\.)/i.test(
            value,
          )
        ) {
          f.risk('execute', 'git/config-run', 'risky', `Lets git run a program by its setting ${value.split('=')[0]}`);
          const code = value.slice(value.indexOf('=') + 1).replace(/^!/, '');
          if (/[;&|/ ]/.test(code)) run.source(code, c.scope);
        }
      }
    }
    const verb = c.argv[i] ?? '';
    const args = c.argv.slice(i + 1);
    const o = new Options(args, ['m', 'message', 'o', 'push-option', 'C', 'F', 'S']);
    const dry = o.has('n', 'dry-run');
    // A repository that the same line made in a scratch folder holds nobody's work.
    const scratch = verb !== 'push' && c.scope.moved && groundOf(c.scope.cwd ?? '.', {}) === 'temp';
    const risk = (id: string, text: string, level: 'risky' | 'notable' = 'risky'): void =>
      f.risk('history', id, scratch ? 'notable' : level, text);
    switch (verb) {
      case 'push': {
        if (o.has('dry-run')) break;
        const refs = o.operands.slice(1);
        if (o.has('f', 'force') || o.has('force-with-lease', 'force-if-includes') || refs.some((r) => r.startsWith('+'))) {
          const lease = !o.has('f') && !args.some((a) => /^--force(?:=|$)/.test(a)) && !refs.some((r) => r.startsWith('+'));
          // Words repeated without end, as in `git push git push …`, carry no remote that a force could reach.
          risk('git/force-push', 'Replaces the history of a remote branch', lease ? 'notable' : 'risky');
        }
        if (o.has('d', 'delete', 'mirror', 'prune') || refs.some((r) => /^:\S/.test(r)))
          risk('git/delete-remote', 'Deletes branches or tags of the remote');
        if (/^(?:https?:\/\/|git@|ssh:\/\/|ext::)/.test(o.operands[0] ?? ''))
          f.risk(
            'network-send',
            'git/push-elsewhere',
            /^ext::/.test(o.operands[0]!) ? 'risky' : 'notable',
            `Pushes to ${o.operands[0]}`,
            o.operands[0],
          );
        break;
      }
      case 'reset':
        if (o.has('hard', 'merge') && args.some((a) => /^--(?:hard|merge)$/.test(a)))
          risk('git/reset-hard', 'Throws away changes that are not committed');
        break;
      case 'clean':
        if (o.has('f', 'force') && !dry) risk('git/clean', 'Deletes files that git does not know');
        break;
      case 'checkout':
        if (args.includes('--') && !o.has('b', 'B', 'orphan')) risk('git/discard', 'Throws away changes of files');
        else if ((o.operands[0] === '.' || o.operands[1] === '.') && !o.has('b')) risk('git/discard', 'Throws away changes of all files');
        else if (o.has('f', 'force')) risk('git/discard', 'Switches and throws away changes');
        break;
      case 'restore':
        if ((o.has('W', 'worktree') || !o.has('S', 'staged')) && !o.has('p', 'patch'))
          risk('git/discard', 'Throws away changes of files', o.operands.includes('.') || o.has('W', 'worktree') ? 'risky' : 'risky');
        break;
      case 'switch':
        if (o.has('f', 'force', 'discard-changes')) risk('git/discard', 'Switches and throws away changes');
        break;
      case 'branch':
        if (o.has('D') || (o.has('d', 'delete') && o.has('f', 'force')))
          risk('git/delete-branch', 'Deletes a branch that may not be merged');
        break;
      case 'stash':
        if (/^(?:drop|clear)$/.test(args[0] ?? '')) risk('git/stash-drop', 'Deletes stashed changes');
        break;
      case 'tag':
        if (o.has('d', 'delete')) risk('git/delete-tag', 'Deletes a tag', 'notable');
        break;
      case 'update-ref':
        if (o.has('d') || o.has('stdin')) risk('git/delete-ref', 'Deletes a reference');
        break;
      case 'reflog':
        if (/^(?:expire|delete)$/.test(args[0] ?? '')) risk('git/reflog', 'Deletes the way back to lost commits');
        break;
      case 'gc':
        if (args.some((a) => /--prune=(?:now|all)/.test(a))) risk('git/reflog', 'Deletes the way back to lost commits');
        break;
      case 'filter-branch':
      case 'filter-repo':
        if (args.length > 0) risk('git/rewrite', 'Rewrites the history of the repository');
        break;
      case 'worktree':
        if (args[0] === 'remove' && o.has('f', 'force')) risk('git/worktree', 'Deletes a work tree with its changes');
        break;
      case 'submodule':
        if (args[0] === 'deinit' && o.has('f', 'force')) risk('git/discard', 'Throws away a submodule', 'notable');
        if (args[0] === 'foreach')
          run.source(
            args
              .slice(1)
              .filter((a) => !a.startsWith('--'))
              .join(' '),
            c.scope,
          );
        break;
      case 'rebase': {
        const exec =
          o.value('x', 'exec') ??
          (args.includes('-x') ? args[args.indexOf('-x') + 1] : args.includes('--exec') ? args[args.indexOf('--exec') + 1] : undefined);
        if (exec) run.source(exec, c.scope);
        break;
      }
      case 'bisect':
        if (args[0] === 'run') run.source(args.slice(1).join(' '), c.scope);
        break;
      case 'config': {
        const name = o.operands.find((a) => /\./.test(a)) ?? '';
        const value = o.operands[o.operands.indexOf(name) + 1];
        if (
          value !== undefined &&
          /^(?:core\.(?:pager|editor|sshCommand|fsmonitor|hooksPath|askpass)|alias\.|diff\.external|credential\.helper|filter\.|url\..*insteadof)/i.test(
            name,
          )
        ) {
          const runs = /^!|[;&|`$]|\bsh\b|\/tmp\/|hooksPath|sshCommand|fsmonitor|insteadof/i.test(`${name} ${value}`);
          f.risk('persistence', 'git/config-run', runs ? 'risky' : 'notable', `Sets what git runs: ${name}`);
          if (value.startsWith('!')) run.source(value.slice(1), c.scope);
        }
        if (/^http(?:\..*)?\.(?:sslVerify|proxy)$/i.test(name))
          f.risk('disarm', 'git/insecure', 'risky', `Changes how git trusts servers: ${name}`);
        break;
      }
      case 'rm':
        if (o.has('r', 'f', 'force') && o.operands.some((p) => /^(?:\.|\*|\/)$/.test(p)))
          risk('git/rm-all', 'Deletes all files of the repository');
        break;
      case 'clone':
      case 'fetch':
      case 'pull':
      case 'ls-remote':
        if (args.some((a) => /^ext::|--upload-pack=|^-u\S/.test(a))) {
          const code = args.find((a) => /^ext::/.test(a))?.slice(5);
          f.risk('execute', 'git/config-run', 'risky', 'Lets git run a program');
          if (code) run.source(code.replaceAll('% ', ' '), c.scope);
        }
        break;
      default:
        break;
    }
  },
  'git-filter-repo bfg': (c, run) => {
    if (c.argv.length > 0) run.findings.risk('history', 'git/rewrite', 'risky', 'Rewrites the history of the repository');
  },
  gh: (c, run) => {
    const t = c.argv.join(' ');
    const f = run.findings;
    if (/^repo\s+(?:delete|archive)/.test(t)) f.risk('admin', 'git/delete-repository', 'risky', 'Deletes or archives a repository');
    else if (/^(?:release|secret|variable|gist|run|cache|ssh-key|gpg-key|label|issue|codespace|cs)\s+delete/.test(t))
      f.risk(
        'delete',
        'git/gh-delete',
        /^(?:run|cache|label|cs|codespace|gist|gpg-key|ssh-key|variable)/.test(t) ? 'notable' : 'risky',
        `Deletes on the server: ${t.split(' ').slice(0, 2).join(' ')}`,
      );
    else if (/^auth\s+token/.test(t) || /^auth status.*(?:-t|--show-token)/.test(t))
      f.risk('secret-read', 'git/token', 'risky', 'Prints the access token');
    else if (/^api\b.*(?:-X|--method)[ =]?DELETE/i.test(t)) f.risk('delete', 'git/gh-delete', 'risky', 'Deletes by the API of the server');
    else if (/^repo\s+edit.*--visibility[ =]public/.test(t))
      f.risk('network-send', 'git/make-public', 'risky', 'Makes a repository public');
  },
};
