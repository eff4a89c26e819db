import type { ScriptRun } from './rules.js';

/** What only the whole program shows. */
export function judgeWhole(run: ScriptRun): void {
  const { seen, source } = run;
  const f = run.x.findings;
  const shell =
    seen.has('shell') || (seen.has('run') && /["'`](?:\/bin\/)?(?:ba|z|da)?sh["'`]|["'`](?:cmd|powershell)(?:\.exe)?["'`]/.test(source));
  if ((seen.has('socket') || /\b(?:net|tls)\.Socket\b/.test(source)) && (shell || (seen.has('run') && /\.on\(\s*['"`]data/.test(source))))
    f.risk('reverse-shell', 'code/reverse-shell', 'catastrophic', 'Joins a shell to the network');
  else if (seen.has('server') && (shell || seen.has('run')))
    f.risk('reverse-shell', 'code/bind-shell', 'catastrophic', 'Runs commands for whoever connects');
  else if (
    /createServer|\.(?:get|post|all|use)\(\s*['"`]\//.test(source) &&
    /(?:exec|execSync|spawn|eval)\s*\([^)]*(?:req\.|request\.|query|url\.parse|searchParams|new URL)/.test(source)
  )
    f.risk('reverse-shell', 'code/bind-shell', 'catastrophic', 'Runs commands for whoever connects');
  if (
    seen.has('run unknown') &&
    /createServer|express\(|fastify\(|new Koa|new Hono|\.(?:get|post|all|use)\(\s*['"`]\//.test(source) &&
    /searchParams|\.query\b|\.body\b|\.params\b|parse\(\s*\w+\.url|\.on\(\s*['"`]data/.test(source) &&
    /(?:exec|execSync|spawn|spawnSync|execFile|execFileSync|execa|\$)\s*\(\s*(?:[\w.]+\s*[,)]|`\s*\$\{\s*[\w.]+\s*\}\s*`)/.test(source)
  )
    f.risk('reverse-shell', 'code/bind-shell', 'catastrophic', 'Runs commands for whoever connects');
  if (seen.has('run unknown') && /\bnew\s+Proxy\s*\(/.test(source))
    f.risk('execute', 'code/hidden-call', 'risky', 'Runs commands whose names are made by a stand-in object');
  if (
    seen.has('run unknown') &&
    /\b(?:WebSocket|socket\.io|mqtt|amqplib|discord\.js|telegraf|node-telegram-bot-api|irc)\b|['"`]ws['"`]/.test(source) &&
    /\.on(?:message)?\s*(?:\(\s*['"`](?:message|data|command|cmd|exec|text)|=)/.test(source)
  )
    f.risk('reverse-shell', 'code/reverse-shell', 'catastrophic', 'Runs commands that come over the network');
  if (
    /Object\.prototype\.\w+\s*=|__proto__\s*\[?\.?(?:shell|env|NODE_OPTIONS|execArgv)/.test(source) &&
    (seen.has('run') || seen.has('spawn'))
  )
    f.risk('execute', 'code/prototype', 'risky', 'Changes what every object holds before it runs a program');
  if (
    /['"`][^'"`]*package\.json['"`]/.test(source) &&
    /writeFile/.test(source) &&
    /\b(?:pre|post)?install\b['"`\]]*\s*[:=](?!=)/.test(source)
  )
    f.risk('persistence', 'code/install-hook', 'risky', 'Makes the installation of a package run a command');
  if (
    /\bfor\s*\(\s*;\s*;\s*\)\s*\{?\s*(?:new\s+(?:\w+\.)?Worker|fork|spawn|exec)|while\s*\(\s*(?:true|1|!0)\s*\)\s*\{?\s*(?:new\s+(?:\w+\.)?Worker|\w*\.?fork|\w*\.?spawn)\s*\(/.test(
      source,
    )
  )
    f.risk('service', 'shell/endless-processes', 'risky', 'Starts processes or threads without end');
  if (
    /createServer|express\(/.test(source) &&
    /(?:createReadStream|readFile(?:Sync)?|sendFile)\(\s*(?:['"`]\/?['"`]\s*\+\s*|`\/?\$\{|__dirname\s*\+\s*|decodeURI\w*\(\s*)?(?:q|req|request|ctx)\.(?:url|path|query|params)/.test(
      source,
    )
  )
    f.risk('reverse-shell', 'network/serve', 'risky', 'Offers files of this machine to the network');
  const endless = /\bwhile\s*\(\s*(?:true|1|!0|!false)\s*\)|\bfor\s*\(\s*;\s*;\s*\)/.test(source);
  if (
    seen.has('spawn') &&
    (endless || /cluster\.fork|fork\(\s*(?:__filename|process\.argv\[1\])/.test(source)) &&
    !/os\.cpus|availableParallelism|numCPUs|isPrimary|isMaster|isWorker/.test(source)
  )
    f.risk('service', 'shell/fork-bomb', 'catastrophic', 'Starts copies of itself without end');
  else if (endless && seen.has('run') && !/await|Sync\(/.test(source))
    f.risk('service', 'shell/endless-processes', 'risky', 'Starts processes without end');
  else if (
    endless &&
    /\.push\(|\.concat\(|Buffer\.alloc|appendFileSync|writeFileSync/.test(source) &&
    !/\bbreak\b|\breturn\b|\bawait\b/.test(source)
  )
    f.risk('service', 'shell/exhaust', 'risky', 'Takes memory or disk without end');
  if (seen.has('encrypt') && /readdir|glob|walk/.test(source) && /writeFile|unlink|rename|rm\(/.test(source))
    f.risk('overwrite', 'code/encrypt-files', 'catastrophic', 'Encrypts files of whole folders');
  if (
    /readdir|glob|walk/.test(source) &&
    /['"`](?:\/|~|\/home|\/Users|\/root)['"`]|homedir\(\)/.test(source) &&
    /id_rsa|\.pem\b|\.ssh|\.aws|wallet|password|credential|\.env\b/i.test(source)
  )
    f.risk('secret-read', 'shell/search-secrets', 'risky', 'Looks for files that hold credentials');
  if (/stratum\+tcp|coinhive|cryptonight|xmrig|--rig-id|minexmr|supportxmr|nanopool|hashvault|--donate-level/i.test(source))
    f.risk('service', 'code/miner', 'risky', 'Mines money on this machine');
}
