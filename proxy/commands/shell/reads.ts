import { isAccountsFile, isCertainSecret, isSecretFile, resolvePath } from '../paths.js';
import type { Command, Run } from './command.js';

/** Commands that take a credential file without showing what is in it. */
const EXEMPT = new Set(
  'ls ll exa eza lsd stat test [ [[ file rm rmdir unlink shred wipe chmod chown chgrp chattr touch mkdir echo printf ssh ssh-add ssh-keygen ssh-copy-id mosh ansible ansible-playbook find fd locate which git basename dirname readlink realpath du df mv cp install ln scp rsync mount umount kubectl helm terraform aws gcloud psql mysql npm pip docker podman vim vi nvim nano code emacs gpg gpg2 age sops step certbot openssl keytool certtool mkcert cfssl curl wget http xh visudo vipw useradd usermod userdel passwd su sudo export set unset cd pushd pwd source . eval exec true false : systemctl service crontab docker-compose direnv dotenv foreman tee truncate dd sed gsed certutil signtool jarsigner apksigner codesign osslsigncode sbsign nginx caddy haproxy'.split(
    ' ',
  ),
);
const EDITORS = new Set('vim vi nvim nano emacs pico ed ex view code'.split(' '));
const PRINTERS = new Set(
  'cat tac head tail less more most bat batcat nl od xxd hexdump hd strings base64 base32 basenc uuencode cut sort uniq grep egrep fgrep rg ag ack awk gawk mawk nawk sed tr rev paste join comm diff cmp fold fmt pr column jq yq xargs zip tar gzip bzip2 xz 7z cpio ar dd openssl gpg pbcopy xclip xsel wl-copy tee view type Get-Content gc print look expand unexpand iconv pandoc php python python3 perl ruby node w3m lynx dialog whiptail git-diff split csplit shuf tsort ul wc sha1sum sha256sum md5sum cksum sum b2sum'.split(
    ' ',
  ),
);

/** Notes when a command reads files that hold credentials, or lists of accounts. */
export function reads(c: Command, run: Run): void {
  const editor = EDITORS.has(c.name);
  if (EXEMPT.has(c.name) && !editor) return;
  const place = run.place(c.scope);
  const printer = PRINTERS.has(c.name);
  const pattern = /^(?:[efz]?grep|rg|ag|ack|sed|awk|gawk|jq)$/.test(c.name);
  let skipped = !pattern;
  for (const a of c.argv) {
    if (a.startsWith('-') && !a.includes('/')) continue;
    if (!skipped && !a.includes('/')) {
      skipped = true;
      continue;
    }
    skipped = true;
    const path = a.replace(/^(?:@|file:|--?[\w-]+=)/, '');
    if (path.length > 300 || /\s.*\s.*\s/.test(path)) continue;
    const at = resolvePath(path, place);
    if (isSecretFile(path, place)) {
      const level = isCertainSecret(path, place)
        ? 'risky'
        : printer && !/^(?:tar|zip|7z|gpg|openssl|sha\d+sum|md5sum|wc|diff|base64)$/.test(c.name)
          ? 'risky'
          : 'notable';
      run.findings.risk('secret-read', 'shell/secret-read', level, `Reads a file that holds credentials: ${at}`, at);
    } else if (isAccountsFile(path, place)) {
      const listed = /\/etc\/(?:passwd|group|sudoers\.d|ssh|pam\.d|security)/.test(at);
      run.findings.risk('secret-read', 'shell/accounts-read', (printer || editor) && listed ? 'risky' : 'notable', `Reads ${at}`, at);
    } else if (printer && /^\/(?:dev\/(?:mem|kmem|sd|nvme|disk)|proc\/kcore|proc\/\d+\/(?:maps|cmdline))/.test(at))
      run.findings.risk('secret-read', 'shell/read-device', 'risky', `Reads ${at}`, at);
  }
  if (
    /^(?:grep|egrep|rg|ag|ack|git)$/.test(c.name) &&
    /-\w*[rR]|^rg|^ag|^ack/.test(`${c.name} ${c.argv.join(' ')}`) &&
    /password|passwd|secret|api_?key|token|BEGIN (?:RSA|OPENSSH|PRIVATE)|AKIA|credential/i.test(c.argv.join(' ')) &&
    c.argv.some((a) => /^(?:\/(?:etc|home|root|var|opt|usr)?\/?|~\/?|\/home\/.*|\/root\/?)$/.test(resolvePath(a, place)))
  )
    run.findings.risk('secret-read', 'shell/search-secrets', 'risky', 'Searches the machine for passwords');
  if (/^(?:env|printenv|export|set|declare|compgen)$/.test(c.name) && c.argv.length === 0)
    run.findings.risk('secret-read', 'shell/environment', 'notable', 'Prints all variables of the environment, credentials included');
}
