import type { RiskLevel } from '../../contract/index.js';
import type { Findings, RiskClass } from '../findings.js';
import { isSecretFile } from '../paths.js';
import type { SqlToken } from './lexer.js';

export interface SqlContext {
  depth: number;
  /** Reads SQL that a string holds. */
  read(sql: string): void;
}

const SYSTEM_SCHEMA =
  /^(?:mysql|pg_catalog|information_schema|sys|master|msdb|performance_schema|pg_\w+|sqlite_master|sqlite_schema|admin|dba_\w+)$/i;
const VERBS =
  /^(?:SELECT|INSERT|UPDATE|DELETE|DROP|TRUNCATE|ALTER|CREATE|GRANT|REVOKE|MERGE|REPLACE|COPY|EXEC|EXECUTE|CALL|DO|WITH|LOAD|SHUTDOWN|KILL|SET|BACKUP|RESTORE|DBCC|ATTACH|DETACH|PRAGMA|VACUUM|RENAME|PURGE|RESET|FLUSH|HANDLER|USE|DECLARE|BEGIN|IF|WHILE|EXPLAIN|ANALYZE|UNDROP|REASSIGN|DENY|BULK|RECONFIGURE|STOP|START|OPTIMIZE|CLUSTER|REINDEX|INSTALL|PREPARE|UNLOAD|EXPORT|PUT|REMOVE|LIST)$/;

/** Judges one statement (without its semicolon). */
export function judgeStatement(all: SqlToken[], f: Findings, x: SqlContext): void {
  const start = all.findIndex((t) => t.kind === 'word' && VERBS.test(t.word));
  functions(all, f, x);
  if (start < 0) return;
  const tokens = all.slice(start);
  const w = (i: number): string => tokens[i]?.word ?? '';
  const risk = (cls: RiskClass, id: string, level: RiskLevel, text: string, target?: string): void => f.risk(cls, id, level, text, target);
  switch (w(0)) {
    case 'EXPLAIN':
    case 'ANALYZE':
      if (tokens.some((t) => t.word === 'ANALYZE') && w(0) === 'EXPLAIN') {
        const inner = tokens.findIndex((t, i) => i > 0 && /^(?:UPDATE|DELETE|INSERT|MERGE|TRUNCATE|DROP|CREATE)$/.test(t.word));
        if (inner > 0) judgeStatement(tokens.slice(inner), f, x);
      }
      return;
    case 'BEGIN':
    case 'IF':
    case 'WHILE':
    case 'DECLARE': {
      const inner = tokens.findIndex(
        (t, i) =>
          i > 0 &&
          t.kind === 'word' &&
          /^(?:DROP|TRUNCATE|DELETE|UPDATE|ALTER|GRANT|EXEC|EXECUTE|INSERT|CREATE|SHUTDOWN|REVOKE|MERGE)$/.test(t.word) &&
          !(t.word === 'UPDATE' && /^(?:FOR)$/.test(tokens[i - 1]?.word ?? '')),
      );
      for (const t of tokens)
        if (
          t.kind === 'string' &&
          t.text.length > 5 &&
          /\b(?:drop|truncate|delete|update|alter|grant|xp_|insert|create|exec)\b/i.test(t.text)
        )
          x.read(t.text);
      if (inner > 0) judgeStatement(tokens.slice(inner), f, x);
      return;
    }
    case 'WITH': {
      for (const [i, t] of tokens.entries())
        if (i > 0 && /^(?:DELETE|UPDATE|INSERT|MERGE)$/.test(t.word) && (tokens[i - 1]?.text === '(' || tokens[i - 1]?.text === ')'))
          judgeStatement(upToClose(tokens, i), f, x);
      return;
    }
    case 'DROP':
      drop(tokens, f);
      return;
    case 'UNDROP':
      return;
    case 'TRUNCATE':
      if (w(1) !== '(' && !(tokens.length > 1 && tokens[1]!.text === '('))
        risk(
          'delete',
          'sql/truncate',
          'risky',
          `Empties the table ${nameAt(tokens, w(1) === 'TABLE' ? 2 : 1)}`,
          nameAt(tokens, w(1) === 'TABLE' ? 2 : 1),
        );
      return;
    case 'DELETE':
      unbounded('delete', tokens, f);
      return;
    case 'UPDATE':
      if (w(1) === 'STATISTICS') return;
      unbounded('update', tokens, f);
      return;
    case 'ALTER':
      alter(tokens, f);
      return;
    case 'RENAME':
      risk('overwrite', 'sql/rename', 'risky', `Renames ${nameAt(tokens, 2)}`);
      return;
    case 'GRANT':
    case 'REVOKE':
    case 'DENY': {
      const text = tokens.map((t) => t.word || t.text).join(' ');
      const everything =
        /\bALL\b|\bSUPER\b|\bDBA\b|WITH (?:GRANT|ADMIN) OPTION|\bPUBLIC\b|\bTO\s+%|SYSADMIN|DB_OWNER|CONTROL SERVER|IMPERSONATE|pg_(?:execute|read|write)_server|rds_superuser/i.test(
          text,
        );
      risk(
        'privilege',
        'sql/grant',
        'risky',
        w(0) === 'GRANT' ? `Gives ${everything ? 'all ' : ''}rights in the database` : 'Takes rights in the database',
        nameAt(tokens, tokens.length - 1),
      );
      return;
    }
    case 'CREATE':
      create(tokens, f, x);
      return;
    case 'COPY':
      copy(tokens, f);
      return;
    case 'LOAD':
    case 'BULK':
      if (/^(?:DATA|XML)$/.test(w(1)) || w(1) === 'INSERT') {
        const path = tokens.find((t) => t.kind === 'string')?.text ?? '';
        risk('secret-read', 'sql/read-file', 'risky', `Reads the file ${path} into a table`, path);
      } else if (tokens[1]?.kind === 'string')
        risk('execute', 'sql/load-library', 'risky', `Loads the library ${tokens[1].text} into the database`);
      return;
    case 'UNLOAD':
    case 'EXPORT':
    case 'PUT':
      risk('network-send', 'sql/export', 'risky', 'Writes data of the database to a file or a bucket');
      return;
    case 'REMOVE':
      if (tokens[1]?.text.startsWith('@')) risk('delete', 'sql/remove-stage', 'risky', 'Deletes files of a stage');
      return;
    case 'EXEC':
    case 'EXECUTE':
    case 'CALL':
    case 'DO':
      execute(tokens, f, x);
      return;
    case 'SHUTDOWN':
    case 'STOP':
      risk('service', 'sql/shutdown', w(0) === 'SHUTDOWN' ? 'catastrophic' : 'risky', 'Stops the database server');
      return;
    case 'KILL':
      risk('service', 'sql/kill', 'risky', 'Ends connections of the database');
      return;
    case 'RESTORE':
      if (w(1) === 'DATABASE' || w(1) === 'LOG') risk('overwrite', 'sql/restore', 'risky', `Overwrites the database ${nameAt(tokens, 2)}`);
      return;
    case 'BACKUP': {
      const to = tokens.find((t) => t.kind === 'string')?.text ?? '';
      risk('network-send', 'sql/backup', /^\\|^\/\/|https?:/.test(to) ? 'risky' : 'notable', `Copies the database to ${to}`);
      return;
    }
    case 'PREPARE':
      for (const t of tokens) if (t.kind === 'string') x.read(t.text);
      return;
    case 'DETACH':
      risk(
        'delete',
        'sql/detach',
        /^(?:TABLE|DATABASE|DICTIONARY|VIEW)$/.test(w(1)) && tokens.some((t) => t.word === 'PERMANENTLY' || t.word === 'TABLE')
          ? 'risky'
          : 'notable',
        `Detaches ${nameAt(tokens, 2)}`,
      );
      return;
    case 'DBCC':
      risk(
        'admin',
        'sql/dbcc',
        /SHRINK|WRITEPAGE|FREE|DROPCLEAN|REPAIR/.test(
          tokens
            .map((t) => t.word || t.text)
            .join(' ')
            .toUpperCase(),
        )
          ? 'risky'
          : 'notable',
        'Administers the database server',
      );
      return;
    case 'RESET':
    case 'PURGE':
      if (/^(?:MASTER|BINARY|SLAVE|REPLICA|RECYCLEBIN|DBA_RECYCLEBIN|TABLE)$/.test(w(1)))
        risk('history', 'sql/purge-log', 'risky', 'Deletes the log that a restore would need');
      return;
    case 'SET':
      settings(tokens, f);
      return;
    case 'ATTACH':
      risk(
        'overwrite',
        'sql/attach',
        /\.(?:php|jsp|aspx?|py|sh|cgi)$|\/(?:var|etc|usr|home)\//.test(tokens.find((t) => t.kind === 'string')?.text ?? '')
          ? 'risky'
          : 'notable',
        'Opens another database file',
      );
      return;
    case 'PRAGMA':
      if (/^WRITABLE_SCHEMA$/.test(w(1)) && /^(?:1|ON|TRUE)$/i.test(tokens.at(-1)?.text ?? ''))
        risk('overwrite', 'sql/writable-schema', 'risky', 'Lets the schema be overwritten');
      return;
    case 'INSTALL':
      risk('foreign-package', 'sql/extension', 'notable', 'Loads code into the database');
      return;
    case 'INSERT':
    case 'REPLACE':
    case 'MERGE': {
      const target = nameAt(tokens, tokens.findIndex((t) => t.word === 'INTO') + 1 || 1);
      if (SYSTEM_SCHEMA.test(target.split('.')[0] ?? '') && /user|db|role|auth|privs|master|schema/i.test(target))
        risk('privilege', 'sql/system-table', 'risky', `Changes the system table ${target}`, target);
      if (w(0) === 'MERGE' && tokens.some((t, i) => t.word === 'DELETE' && tokens[i - 1]?.word === 'THEN'))
        risk(
          'delete',
          'sql/merge-delete',
          /\bON 1 = 1\b/.test(tokens.map((t) => t.word || t.text).join(' ')) ? 'risky' : 'notable',
          `Deletes rows of ${target}`,
          target,
        );
      return;
    }
    default:
      return;
  }
}

function upToClose(tokens: SqlToken[], from: number): SqlToken[] {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    if (tokens[i]!.text === '(' && tokens[i]!.kind === 'op') depth++;
    if (tokens[i]!.text === ')' && tokens[i]!.kind === 'op' && --depth < 0) return tokens.slice(from, i);
  }
  return tokens.slice(from);
}

function nameAt(tokens: SqlToken[], i: number): string {
  let k = i;
  while (/^(?:IF|NOT|EXISTS|ONLY|FROM|CONCURRENTLY|TABLE)$/.test(tokens[k]?.word ?? '')) k++;
  let out = tokens[k]?.text ?? '';
  while (tokens[k + 1]?.text === '.' && tokens[k + 2]) {
    out += `.${tokens[k + 2]!.text}`;
    k += 2;
  }
  return out;
}

function drop(tokens: SqlToken[], f: Findings): void {
  let i = 1;
  while (
    /^(?:TEMPORARY|TEMP|FOREIGN|EXTERNAL|MATERIALIZED|UNIQUE|GLOBAL|PUBLIC|DYNAMIC|FULLTEXT|OWNED|CLUSTERED|ONLINE|OFFLINE)$/.test(
      tokens[i]?.word ?? '',
    )
  )
    i++;
  const what = tokens[i]?.word ?? '';
  const name = nameAt(tokens, i + 1);
  if (/^(?:DATABASE|KEYSPACE|CATALOG|PLUGGABLE|INSTANCE)$/.test(what))
    f.risk('delete', 'sql/drop-database', 'catastrophic', `Deletes the whole database ${name}`, name);
  else if (what === 'SCHEMA')
    f.risk(
      'delete',
      'sql/drop-schema',
      tokens.some((t) => t.word === 'CASCADE') ? 'catastrophic' : 'risky',
      `Deletes the schema ${name}`,
      name,
    );
  else if (
    /^(?:TABLE|VIEW|COLUMN|TABLESPACE|WAREHOUSE|STREAM|STAGE|PIPE|TASK|SHARE|COLLECTION|MODEL|BUCKET|SNAPSHOT|ASSEMBLY|FILEGROUP|PARTITION|SYNONYM|TYPE|DOMAIN|SEQUENCE|INDEX|TRIGGER|FUNCTION|PROCEDURE|PROC|ROUTINE|EVENT|PACKAGE|POLICY|RULE|EXTENSION|LANGUAGE|PUBLICATION|SUBSCRIPTION|SERVER|AGGREGATE|CONSTRAINT|CAST|OPERATOR|COLLATION|STATISTICS|DEFAULT|LIBRARY|CONTEXT|DIRECTORY|PROFILE|CREDENTIAL|CERTIFICATE|KEY|ENDPOINT|AUDIT|SECURITY|AVAILABILITY|WORKLOAD|RESOURCE|MASTER|SYMMETRIC|ASYMMETRIC|REMOTE|MESSAGE|QUEUE|ROUTE|SERVICE|CONTRACT|BROKER|XML|SEARCH|TEXT|TRANSFORM|EVENT_TRIGGER|ACCESS|CONVERSION)$/.test(
      what,
    ) ||
    tokens[i]?.kind === 'name'
  )
    f.risk(
      'delete',
      `sql/drop-${(what || 'object').toLowerCase()}`,
      'risky',
      `Deletes the ${(what || 'object').toLowerCase()} ${name}`,
      name,
    );
  else if (/^(?:USER|ROLE|LOGIN|GROUP)$/.test(what))
    f.risk('privilege', 'sql/drop-user', 'risky', `Deletes the account ${name} of the database`, name);
  else if (what === 'BY' || what === '') f.risk('delete', 'sql/drop', 'risky', 'Deletes things of an account of the database');
  else f.risk('delete', 'sql/drop', 'risky', `Deletes ${name}`, name);
}

function alter(tokens: SqlToken[], f: Findings): void {
  const words = tokens.map((t) => t.word);
  const what = words[1] ?? '';
  const name = nameAt(tokens, 2);
  const has = (...ws: string[]): boolean => ws.some((x) => words.includes(x));
  if (what === 'TABLE') {
    if (has('DROP') || /^(?:DELETE|CLEAR|UPDATE)$/.test(words[3] ?? '') || /^(?:DELETE|CLEAR|UPDATE)$/.test(words[5] ?? ''))
      f.risk('delete', 'sql/drop-column', 'risky', `Deletes parts of the table ${name}`, name);
    else if (has('DISABLE', 'NOCHECK')) f.risk('permission', 'sql/disable-checks', 'risky', `Turns checks of the table ${name} off`, name);
    else if (has('OWNER')) f.risk('permission', 'sql/owner', 'risky', `Changes the owner of ${name}`, name);
    else if (has('RENAME', 'TRUNCATE', 'DISCARD', 'SWITCH', 'EXCHANGE'))
      f.risk(
        'overwrite',
        'sql/alter-table',
        has('RENAME') && words[words.indexOf('RENAME') + 1] === 'COLUMN' ? 'notable' : 'risky',
        `Changes the table ${name}`,
        name,
      );
    else if (has('TYPE', 'MODIFY', 'CHANGE', 'ALTER')) f.risk('overwrite', 'sql/alter-table', 'notable', `Changes the table ${name}`, name);
  } else if (/^(?:USER|ROLE|LOGIN|GROUP|PROFILE|AUTHORIZATION)$/.test(what))
    f.risk('privilege', 'sql/alter-user', 'risky', `Changes the account ${name} of the database`, name);
  else if (what === 'SYSTEM') f.risk('admin', 'sql/alter-system', 'risky', 'Changes settings of the database server');
  else if (what === 'SERVER') f.risk('privilege', 'sql/alter-server', 'risky', 'Changes roles of the database server');
  else if (what === 'DATABASE' || what === 'INSTANCE' || what === 'KEYSPACE')
    f.risk('admin', 'sql/alter-database', 'risky', `Changes the database ${name}`, name);
  else if (what === 'DEFAULT') f.risk('permission', 'sql/default-rights', 'risky', 'Changes rights that new tables get');
  else if (has('DROP', 'DISABLE', 'OWNER')) f.risk('overwrite', 'sql/alter', 'risky', `Changes ${name}`, name);
  else f.risk('admin', 'sql/alter', 'notable', `Changes ${name}`, name);
}

/** A WHERE that every row fulfils: constants only, or a thing compared with itself. */
function alwaysTrue(condition: SqlToken[]): boolean {
  let tokens = condition.filter((t) => t.kind !== 'op' || !/^[()]$/.test(t.text));
  const end = tokens.findIndex((t) => /^(?:LIMIT|ORDER|RETURNING|OPTION|GROUP)$/.test(t.word));
  if (end >= 0) tokens = tokens.slice(0, end);
  if (tokens.length === 0) return true;
  const branches: SqlToken[][] = [[]];
  for (const t of tokens) {
    if (t.word === 'OR' || t.text === '||') branches.push([]);
    else branches[branches.length - 1]!.push(t);
  }
  return branches.some((b) => b.length > 0 && andParts(b).every(trivial));
}

function andParts(tokens: SqlToken[]): SqlToken[][] {
  const parts: SqlToken[][] = [[]];
  let between = false;
  for (const t of tokens) {
    if (t.word === 'BETWEEN') between = true;
    if ((t.word === 'AND' || t.text === '&&') && !between) parts.push([]);
    else {
      if (t.word === 'AND') between = false;
      parts[parts.length - 1]!.push(t);
    }
  }
  return parts;
}

const ALWAYS = /^(?:TRUE|1|ON|YES)$/i;

function trivial(part: SqlToken[]): boolean {
  const t = part.map((x) => x.text).join(' ');
  const constants = part.every(
    (x) =>
      x.kind === 'number' ||
      x.kind === 'string' ||
      x.kind === 'op' ||
      /^(?:TRUE|FALSE|NOT|IS|NULL|LIKE|BETWEEN|AND|IN|EXISTS|SELECT)$/.test(x.word),
  );
  if (part.length === 1) return ALWAYS.test(part[0]!.text) || (part[0]!.kind === 'number' && Number(part[0]!.text) !== 0);
  if (part.length === 2 && part[0]!.word === 'NOT') return /^(?:FALSE|0)$/i.test(part[1]!.text);
  const middle = part.findIndex((x) => x.kind === 'op' && /^(?:=|<=|>=|<>|!=|<|>)$/.test(x.text));
  if (middle > 0) {
    const left = part
      .slice(0, middle)
      .map((x) => x.text.toLowerCase())
      .join('');
    const right = part
      .slice(middle + 1)
      .map((x) => x.text.toLowerCase())
      .join('');
    const op = part[middle]!.text;
    if (left === right && /^(?:=|<=|>=)$/.test(op)) return true;
    if (constants) {
      if (op === '<>' || op === '!=') return left !== right;
      if (op === '=') return left === right || (/^[-+*/\d. ]+$/.test(left + right) && sum(left) === sum(right));
      const a = sum(left);
      const b = sum(right);
      if (!Number.isNaN(a) && !Number.isNaN(b)) return op === '<' ? a < b : op === '>' ? a > b : op === '<=' ? a <= b : a >= b;
      return false;
    }
    if (
      /^(?:id|\w+\.id|\w+_id|rowid|_rowid_|ctid)$/.test(left) &&
      ((op === '>' && /^(?:0|-\d+)$/.test(right)) ||
        (op === '>=' && /^(?:0|1|-\d+)$/.test(right)) ||
        (/^(?:!=|<>)$/.test(op) && /^(?:0|-1|null|'')$/.test(right)))
    )
      return true;
  }
  const like = part.findIndex((x) => /^(?:LIKE|ILIKE|RLIKE|REGEXP|SIMILAR)$/.test(x.word));
  if (like > 0 && /^(?:%+|\.\*|\.?\+|\^\.\*\$?|)$/.test(part.at(-1)?.text ?? '-') && part[like - 1]?.word !== 'NOT') return true;
  if (/^\S+(?: \. \S+)? IS NOT NULL$/i.test(t) && /^(?:id|\w+ \. id|\w*_?id|rowid|pk|uuid)\b/i.test(t)) return true;
  if (/^\d+ IS NOT NULL$|^NULL IS NULL$/i.test(t)) return true;
  if (/^(\S+) (?:IN|=) (?:ANY )?SELECT (?:DISTINCT )?\1 FROM \S+$/i.test(t) || /^EXISTS SELECT (?:1|\*|NULL|'.*')$/i.test(t)) return true;
  if (/^EXISTS SELECT \S+ FROM \S+$/i.test(t)) return true;
  if (/^(\S+) BETWEEN \1 AND \1$/i.test(t)) return true;
  return false;
}

function sum(text: string): number {
  const m = /^(-?\d+(?:\.\d+)?)(?:([-+*])(\d+(?:\.\d+)?))?$/.exec(text.replace(/\s/g, ''));
  if (!m) return Number.NaN;
  const a = Number(m[1]);
  const b = Number(m[3] ?? 0);
  return m[2] === '+' ? a + b : m[2] === '-' ? a - b : m[2] === '*' ? a * b : a;
}

function unbounded(verb: 'delete' | 'update', tokens: SqlToken[], f: Findings): void {
  const from = tokens.findIndex((t) => t.word === 'FROM');
  const target = nameAt(tokens, verb === 'delete' && from > 0 ? from + 1 : 1);
  let depth = 0;
  let where = -1;
  let limit = false;
  for (const [i, t] of tokens.entries()) {
    if (t.text === '(' && t.kind === 'op') depth++;
    else if (t.text === ')' && t.kind === 'op') depth--;
    else if (depth === 0 && t.word === 'WHERE' && where < 0) where = i;
    else if (depth === 0 && (t.word === 'LIMIT' || t.word === 'TOP') && /^\d{1,3}$/.test(tokens[i + 1]?.text ?? '')) limit = true;
  }
  if (verb === 'update' && !tokens.some((t) => t.word === 'SET')) return;
  const system = SYSTEM_SCHEMA.test(target.split('.')[0] ?? '');
  if (where < 0) {
    const joined = depth === 0 && tokens.some((t) => /^(?:JOIN|USING)$/.test(t.word));
    if (limit) f.risk(verb === 'delete' ? 'delete' : 'overwrite', `sql/${verb}-some`, 'notable', `Changes some rows of ${target}`, target);
    else
      f.risk(
        verb === 'delete' ? 'delete' : 'overwrite',
        `sql/${verb}-all`,
        joined ? 'risky' : 'risky',
        verb === 'delete' ? `Deletes every row of ${target}` : `Changes every row of ${target}`,
        target,
      );
  } else if (tokens[where + 1]?.word === 'CURRENT') return;
  else if (alwaysTrue(tokens.slice(where + 1)))
    f.risk(
      verb === 'delete' ? 'delete' : 'overwrite',
      `sql/${verb}-all`,
      'risky',
      `Its condition holds for every row of ${target}`,
      target,
    );
  else f.risk(verb === 'delete' ? 'delete' : 'overwrite', `sql/${verb}-rows`, 'notable', `Changes rows of ${target}`, target);
  if (system || /^(?:pg_authid|pg_shadow|pg_proc|user\$|sysusers|syslogins)$/i.test(target))
    f.risk('privilege', 'sql/system-table', 'risky', `Changes the system table ${target}`, target);
  if (
    verb === 'update' &&
    /(?:^|[._])(?:users?|accounts?|members?|admins?|roles?)$/i.test(target) &&
    tokens.some(
      (t, i) =>
        /^(?:IS_ADMIN|ADMIN|ROLE|ROLES|IS_SUPERUSER|SUPERUSER|IS_STAFF|PRIVILEGES?|ACCESS_LEVEL)$/.test(t.word) &&
        tokens[i + 1]?.text === '=' &&
        i < (where < 0 ? tokens.length : where),
    )
  )
    f.risk('privilege', 'sql/raise-role', 'risky', `Raises the rights of users in ${target}`, target);
}

function create(tokens: SqlToken[], f: Findings, x: SqlContext): void {
  const words = tokens.map((t) => t.word);
  const has = (...ws: string[]): boolean => ws.some((y) => words.includes(y));
  const i = words.findIndex((y) =>
    /^(?:TABLE|VIEW|INDEX|USER|ROLE|LOGIN|FUNCTION|PROCEDURE|PROC|TRIGGER|EVENT|EXTENSION|LANGUAGE|ASSEMBLY|DATABASE|SCHEMA|LIBRARY|DIRECTORY|SERVER|CREDENTIAL|AGGREGATE|RULE|LINK|JOB)$/.test(
      y,
    ),
  );
  const what = words[i] ?? '';
  const name = nameAt(tokens, i + 1);
  if (/^(?:USER|ROLE|LOGIN)$/.test(what))
    f.risk('privilege', 'sql/create-user', 'risky', `Makes the account ${name} in the database`, name);
  else if (what === 'EXTENSION' || what === 'LANGUAGE' || what === 'ASSEMBLY' || what === 'LIBRARY')
    f.risk(
      'execute',
      'sql/load-code',
      /^(?:uuid-ossp|pgcrypto|hstore|citext|pg_trgm|postgis|vector|btree_gin|btree_gist|unaccent|pg_stat_statements|intarray|ltree|tablefunc)$/i.test(
        name,
      )
        ? 'notable'
        : 'risky',
      `Loads code into the database: ${name}`,
      name,
    );
  else if (what === 'FUNCTION' || what === 'PROCEDURE' || what === 'PROC' || what === 'AGGREGATE') {
    const language = tokens[words.lastIndexOf('LANGUAGE') + 1]?.text.toLowerCase() ?? '';
    if (/^(?:c|internal|plpythonu|plpython3u|plperlu|pltclu|plsh|java|javascript|external)$/.test(language) || has('SONAME'))
      f.risk('execute', 'sql/load-code', 'risky', `Makes a function that may run anything: ${name}`, name);
    else f.risk('admin', 'sql/create-function', 'notable', `Makes the function ${name}`, name);
  } else if (/^(?:TRIGGER|EVENT|RULE|JOB)$/.test(what)) {
    f.risk('persistence', 'sql/trigger', 'risky', `Lets SQL run by itself later: ${name}`, name);
    const verb = words.findIndex(
      (y, k) =>
        k > i + 1 &&
        /^(?:DROP|TRUNCATE|DELETE|UPDATE|GRANT|EXEC|EXECUTE)$/.test(y) &&
        /^(?:DO|BEGIN|THEN|INSTEAD|ALSO)$/.test(words[k - 1] ?? ''),
    );
    if (verb > 0) judgeStatement(tokens.slice(verb), f, x);
  } else if (what === 'DIRECTORY' || what === 'LINK' || what === 'SERVER' || what === 'CREDENTIAL')
    f.risk('admin', 'sql/reach-out', 'risky', `Lets the database reach files or other machines: ${name}`, name);
  else if (has('REPLACE') && what === 'TABLE')
    f.risk('overwrite', 'sql/replace-table', 'risky', `Replaces the table ${name} with all its rows`, name);
}

function copy(tokens: SqlToken[], f: Findings): void {
  const k = tokens.findIndex((t) => t.word === 'PROGRAM');
  if (k > 0) {
    f.risk('execute', 'sql/copy-program', 'catastrophic', `Runs a program on the database server: ${tokens[k + 1]?.text ?? ''}`);
    return;
  }
  const to = tokens.findIndex((t) => t.word === 'TO');
  const from = tokens.findIndex((t) => t.word === 'FROM' || t.word === 'INTO');
  const file = tokens[Math.max(to, from) + 1];
  const stream = /^(?:STDIN|STDOUT|PSTDIN|PSTDOUT)$/.test(file?.word ?? '');
  if (stream || file?.kind !== 'string') return;
  if (to > 0) f.risk('overwrite', 'sql/write-file', 'risky', `Writes the file ${file.text} on the database server`, file.text);
  else
    f.risk(
      'secret-read',
      'sql/read-file',
      isSecretFile(file.text) || /^\//.test(file.text) ? 'risky' : 'notable',
      `Reads the file ${file.text} on the database server`,
      file.text,
    );
}

function execute(tokens: SqlToken[], f: Findings, x: SqlContext): void {
  const text = tokens.map((t) => (t.kind === 'string' ? `'${t.text}'` : t.text)).join(' ');
  const strings = tokens.filter((t) => t.kind === 'string').map((t) => t.text);
  const name = tokens[1]?.text ?? '';
  if (
    /^(?:IMMEDIATE)$/i.test(name) ||
    /^sp_executesql$/i.test(lastName(tokens)) ||
    tokens[0]!.word === 'DO' ||
    tokens[1]?.text === '(' ||
    tokens[1]?.kind === 'string' ||
    /^@/.test(name)
  ) {
    let read = false;
    for (const s of strings)
      if (/\b(?:drop|truncate|delete|update|alter|grant|insert|create|exec\w*|select|copy|shutdown|perform)\b/i.test(s)) {
        read = true;
        x.read(s);
      }
    const dynamic =
      !read ||
      /\|\||\+|\bCONCAT\b|\bCHR\b|\bCHAR\b|format\s*\(/i.test(text) ||
      (tokens[0]!.word === 'DO' && /\bexecute\b/i.test(strings.join(' ')));
    if (dynamic) f.risk('execute', 'sql/dynamic', 'risky', 'Runs SQL that is put together only when it runs');
    else f.fact('execute', 'dynamic SQL');
  }
}

function lastName(tokens: SqlToken[]): string {
  return nameAt(tokens, 1).split('.').pop() ?? '';
}

function settings(tokens: SqlToken[], f: Findings): void {
  const t = tokens.map((k) => k.text).join(' ');
  if (/^SET\s+(?:GLOBAL|PERSIST|@@GLOBAL|@ @ GLOBAL)/i.test(t))
    f.risk(
      'admin',
      'sql/set-global',
      /general_log|secure_file|local_infile|slow_query_log_file|read_only|log_bin|init_connect|validate_password|super_read/i.test(t)
        ? 'risky'
        : 'notable',
      'Changes a setting of the database server',
    );
  else if (/^SET\s+(?:PASSWORD|ROLE\s+postgres|SESSION AUTHORIZATION)/i.test(t))
    f.risk('privilege', 'sql/password', 'risky', 'Changes a password or acts as another account');
  else if (/^SET\s+(?:session_replication_role|FOREIGN_KEY_CHECKS\s*=\s*0|SQL_SAFE_UPDATES\s*=\s*0|row_security\s*=\s*off)/i.test(t))
    f.risk('permission', 'sql/disable-checks', 'risky', 'Turns checks of the database off');
}

const DANGEROUS: [RegExp, RiskClass, string, RiskLevel, string][] = [
  [/^XP_CMDSHELL$/, 'execute', 'sql/xp-cmdshell', 'catastrophic', 'Runs a program on the database server'],
  [
    /^(?:XP_REG\w+|XP_DIRTREE|XP_FILEEXIST|XP_SUBDIRS|XP_FIXEDDRIVES|XP_SERVICECONTROL|XP_DELETE_FILE|XP_LOGINCONFIG)$/,
    'secret-read',
    'sql/xp',
    'risky',
    'Reaches the machine of the database server',
  ],
  [
    /^(?:SP_OACREATE|SP_OAMETHOD|SP_ADD_JOB|SP_ADD_JOBSTEP|SP_START_JOB|SP_EXECUTE_EXTERNAL_SCRIPT|SP_PROCOPTION)$/,
    'execute',
    'sql/sp-run',
    'catastrophic',
    'Runs a program on the database server',
  ],
  [
    /^(?:SP_ADDSRVROLEMEMBER|SP_ADDROLEMEMBER|SP_ADDLOGIN|SP_GRANTDBACCESS|SP_PASSWORD|SP_DROPLOGIN|SP_DROPUSER|SP_ADDUSER|SP_CHANGEDBOWNER|SP_DROPSRVROLEMEMBER|SP_DROPROLEMEMBER|SP_ADDEXTENDEDPROC|SP_ADDLINKEDSERVER|SP_REVOKEDBACCESS)$/,
    'privilege',
    'sql/sp-rights',
    'risky',
    'Changes rights in the database',
  ],
  [/^(?:SP_CONFIGURE)$/, 'admin', 'sql/sp-configure', 'risky', 'Changes settings of the database server'],
  [/^(?:SP_MSFOREACHTABLE|SP_MSFOREACHDB)$/, 'execute', 'sql/for-each', 'risky', 'Runs a statement on every table'],
  [
    /^(?:SP_DETACH_DB|SP_DBREMOVE|SP_DROP\w*|SP_DELETE_\w+|SP_RENAME\w*)$/,
    'delete',
    'sql/sp-drop',
    'risky',
    'Deletes or renames things of the database',
  ],
  [
    /^(?:LOAD_FILE|PG_READ_FILE|PG_READ_BINARY_FILE|PG_LS_DIR|LO_IMPORT|LO_GET|PG_STAT_FILE|BFILENAME|READFILE|READ_TEXT|READ_BLOB|UTL_FILE|XMLTYPE_FILE|PG_FILE_READ|PG_LS_LOGDIR|READ_CSV_AUTO_FILE)$/,
    'secret-read',
    'sql/read-file',
    'risky',
    'Reads files of the database server',
  ],
  [
    /^(?:LO_EXPORT|PG_FILE_WRITE|LO_FROM_BYTEA|WRITEFILE|PG_FILE_UNLINK|PG_FILE_RENAME)$/,
    'overwrite',
    'sql/write-file',
    'risky',
    'Writes files of the database server',
  ],
  [
    /^(?:SYS_EXEC|SYS_EVAL|SYS_GET|SYS_SET|LIB_MYSQLUDF_SYS\w*|DBMS_SCHEDULER|DBMS_JOB|DBMS_JAVA|DBMS_XSLPROCESSOR|LOAD_EXTENSION|PG_EXECUTE_SERVER_PROGRAM|DBMS_EXPORT_EXTENSION|JAVA_ADMIN|RUNJAVA|SHELL|EDIT)$/,
    'execute',
    'sql/run-program',
    'risky',
    'Runs a program on the database server',
  ],
  [
    /^(?:UTL_HTTP|UTL_TCP|UTL_SMTP|UTL_INADDR|HTTPURITYPE|DBMS_LDAP|DBLINK|DBLINK_CONNECT|DBLINK_EXEC|DBLINK_SEND_QUERY|HTTP_GET|HTTP_POST|NET)$/,
    'network-send',
    'sql/network',
    'risky',
    'Lets the database server talk to other machines',
  ],
  [
    /^(?:OPENROWSET|OPENDATASOURCE|OPENQUERY)$/,
    'secret-read',
    'sql/open-elsewhere',
    'risky',
    'Reads files or other servers from the database',
  ],
  [
    /^(?:PG_TERMINATE_BACKEND|PG_CANCEL_BACKEND|PG_RELOAD_CONF|PG_ROTATE_LOGFILE|PG_SWITCH_WAL|PG_PROMOTE)$/,
    'service',
    'sql/terminate',
    'risky',
    'Ends connections or changes the running server',
  ],
  [
    /^(?:PG_SLEEP|SLEEP|BENCHMARK|WAITFOR|DBMS_LOCK|DBMS_PIPE|RANDOMBLOB|GENERATE_SERIES_HUGE)$/,
    'service',
    'sql/sleep',
    'risky',
    'Makes the database wait, as attacks do',
  ],
  [
    /^(?:PG_SHADOW|PG_AUTHID|PG_USER_MAPPING|SYSLOGINS|SQL_LOGINS|DBA_USERS|USER\$)$/,
    'secret-read',
    'sql/read-passwords',
    'risky',
    'Reads password hashes of the database',
  ],
  [/^(?:SETVAL|SET_CONFIG)$/, 'admin', 'sql/set', 'notable', 'Changes a setting of the session'],
  [
    /^(?:QUERY_TO_XML|DATABASE_TO_XML|TABLE_TO_XML|EXTRACTVALUE|UPDATEXML)$/,
    'secret-read',
    'sql/xml',
    'notable',
    'Turns queries into text',
  ],
];

/** Functions and procedures that leave the database, wherever they stand. */
function functions(tokens: SqlToken[], f: Findings, x: SqlContext): void {
  for (const [i, t] of tokens.entries()) {
    const name = (t.word || (t.kind === 'name' ? t.text.toUpperCase() : '')).trim();
    if (name.length < 3) continue;
    for (const [re, cls, id, level, text] of DANGEROUS) {
      if (!re.test(name)) continue;
      const called =
        tokens[i + 1]?.text === '(' ||
        tokens[i + 1]?.text === '.' ||
        /^(?:XP_|SP_)/.test(name) ||
        /^(?:WAITFOR|PG_SHADOW|PG_AUTHID|SYSLOGINS|SQL_LOGINS|DBA_USERS|USER\$|OPENROWSET)$/.test(name);
      if (
        !called ||
        (name === 'NET' && !/^HTTP_/.test(tokens[i + 2]?.word ?? '')) ||
        (/^(?:SLEEP|SHELL|EDIT|READFILE)$/.test(name) && tokens[i - 1]?.text === '.')
      )
        continue;
      f.risk(cls, id, level, text, t.text);
      if (/^(?:SP_CONFIGURE)$/.test(name) && tokens.some((k) => /xp_cmdshell|ole automation|external scripts|clr enabled/i.test(k.text)))
        f.risk('execute', 'sql/xp-cmdshell', 'catastrophic', 'Lets the database server run programs');
      if (/^SP_MSFOREACH/.test(name) || /^DBLINK/.test(name))
        for (const k of tokens) if (k.kind === 'string' && /\s/.test(k.text)) x.read(k.text.replaceAll('?', 'x'));
    }
    if (t.word === 'INTO' && /^(?:OUTFILE|DUMPFILE)$/.test(tokens[i + 1]?.word ?? '')) {
      const path = tokens[i + 2]?.text ?? '';
      f.risk('overwrite', 'sql/write-file', 'risky', `Writes the file ${path} on the database server`, path);
    }
  }
  const user = tokens.findIndex((t) => t.word === 'FROM' && /^(?:mysql)$/i.test(tokens[tokens.indexOf(t) + 1]?.text ?? ''));
  if (user >= 0 && /^(?:user|authentication_string)$/i.test(tokens[user + 3]?.text ?? ''))
    f.risk('secret-read', 'sql/read-passwords', 'risky', 'Reads password hashes of the database');
}
