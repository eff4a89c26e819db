/**
 * The first readings of a process are slow (tens of milliseconds): grammars, patterns and rules are compiled when they are first
 * used. Here that happens before an agent waits: one small text after the other, with a turn of the event loop between them.
 */
import { readNow } from './read-now.js';

const TEXTS: [tool: string, key: string, text: string][] = [
  ['bash', 'command', 'ls'],
  ['bash', 'command', 'cd src && grep -rn "x" . | head -5 > out.txt'],
  ['bash', 'command', 'for f in $(find . -name "*.ts"); do cp "$f" "/tmp/${f%.ts}.js"; done'],
  ['bash', 'command', 'cat <<EOF | sh\ngit status\nEOF'],
  ['bash', 'command', 'curl -s https://example.com -o a.json; chmod 644 a.json; docker ps; kubectl get pods; aws s3 ls'],
  ['bash', 'command', 'sudo apt-get install -y jq && npm ci && pip install -r r.txt && git push origin x'],
  ['bash', 'command', 'if [ -f a ]; then rm -f a; else mkdir -p b; fi; echo aGk= | base64 -d; ps aux | xargs kill'],
  ['python', 'code', 'import os'],
  ['python', 'code', 'import os, json\nwith open("a.txt") as f:\n    print([json.loads(x)["k"] for x in f])'],
  ['bash', 'command', 'python3 -c "import shutil; print(shutil.which(\'a\'))"'],
  ['run_code', 'code', 'const fs = require("fs"); console.log(fs.readFileSync("a.json", "utf8").length)'],
  ['powershell', 'command', 'Get-ChildItem'],
  ['powershell', 'command', 'Get-ChildItem -Recurse | Where-Object { $_.Length -gt 10 } | Remove-Item -WhatIf'],
  ['bash', 'command', 'cmd.exe /c dir C:\\Temp'],
  ['execute_sql', 'query', 'select a, count(*) from t where b = 1 group by a'],
  ['bash', 'command', 'perl -e "print 1"; ruby -e "puts 1"; awk \'{print $1}\' a; psql -c "select 1"'],
  ['write_file', 'path', 'src/a.ts'],
  ['fetch', 'url', 'https://example.com/a'],
];

let done = false;

/** Reads {@link TEXTS} twice, one in each turn of the event loop. Returns at once; only the first call of a process does anything. */
export function warmUp(): void {
  if (done) return;
  done = true;
  let i = 0;
  const next = (): void => {
    const [tool, key, text] = TEXTS[i++ % TEXTS.length]!;
    readNow(tool, JSON.stringify({ [key]: text }), { cwd: '/work', home: '/home/x', protectedTargets: [] });
    if (i < TEXTS.length * 2) setImmediate(next).unref();
  };
  setImmediate(next).unref();
}
