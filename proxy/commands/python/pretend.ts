/**
 * Functions that a test replaces (`unittest.mock.patch`, `mock_aws`) and databases that live in memory: a call of these does nothing.
 * What an attacker could do here: name a patch and call the real thing. What stops it: only plain forms count – the patch of the very
 * dotted name that is called, without a stand-in that calls on, over statements that run while it is in force.
 */
import type { Node } from '../grammars.js';
import type { PythonRun } from './run.js';
import type { Value } from './value.js';

const CALLS_ON =
  /\b(?:side_effect|wraps|stopall|reload|new_callable|__wrapped__|import_module|posix|nt)\b|\.stop\(|\bas\s+(?:os|shutil|subprocess|boto3)\b/;
const CLOUD = /^moto\.mock_\w+$/;

/** What a patch replaces: `os.system`, or `boto3` for the whole cloud. Nothing where that is not certain. */
export function replacedBy(node: Node | null, value: (n: Node | null) => Value, run: PythonRun, before: number): string | undefined {
  if (!node || CALLS_ON.test(run.source)) return undefined;
  const call = node.type === 'call' ? node : undefined;
  const name = value(call?.childForFieldName('function') ?? node).name ?? '';
  if (CLOUD.test(name)) return /\bboto\w*\.\w+\s*\(/.test(run.source.slice(0, before)) ? undefined : 'boto3';
  if (!call) return undefined;
  const args = (call.childForFieldName('arguments')?.namedChildren ?? []).filter((c) => c !== null && c.type !== 'comment');
  const plain = args.filter((a) => a.type !== 'keyword_argument');
  if (args.some((a) => a.type === 'keyword_argument' && !/^(?:return_value|autospec|spec)\s*=/.test(a.text))) return undefined;
  const target =
    /^(?:unittest\.)?mock\.patch$/.test(name) && plain.length === 1
      ? value(plain[0]!).strings[0]
      : /^(?:unittest\.)?mock\.patch\.object$/.test(name) && plain.length === 2
        ? `${plain[0]!.text}.${value(plain[1]!).strings[0]}`
        : undefined;
  const module = target?.split('.')[0] ?? '';
  return target !== undefined &&
    /^(?:os|shutil|subprocess)\.\w+$/.test(target) &&
    new RegExp(`^\\s*import (?:.*,\\s*)?${module}\\b`, 'm').test(run.source) &&
    !new RegExp(`\\b${target.replace('.', '\\.')}\\s*=[^=]`).test(run.source)
    ? target
    : undefined;
}

/** True when statements run later than they stand: functions inside, generators, coroutines. */
export const deferred = (body: Node): boolean =>
  body.descendantsOfType(['function_definition', 'lambda', 'yield', 'await', 'generator_expression']).length > 0;

/** True when this call is of a function that is replaced while it runs, by the very name that was patched. */
export const pretended = (node: Node, run: PythonRun): boolean =>
  run.patched.size > 0 && run.patched.has(node.childForFieldName('function')?.text ?? '');

const OTHER_DATABASES =
  /\bimport\s+(?:psycopg\w*|asyncpg|pymysql|MySQLdb|mysql|pymongo|redis|cx_Oracle|oracledb|pyodbc|pymssql|duckdb|snowflake|clickhouse\w*|cassandra|importlib)\b|\b(?:attach|__import__|getattr|environ)\b/i;
const OPENS = /\b(?:connect|create_engine|create_async_engine)\b(\s*\(\s*(?:["'](?::memory:|sqlite(?:\+\w+)?:\/\/(?:\/:memory:)?)["'])?)?/g;
const FOREIGN_HANDLE =
  /^\s*from\s+(?!sqlalchemy|sqlmodel|sqlite3)\S+\s+import\s+[^\n]*\b(?:engine|session|Session\w*|db|database|conn|connection|cursor|get_\w+|bind)\b/m;

/** True when every database that the program opens lives in memory alone. */
export function inMemory(source: string): boolean {
  if (OTHER_DATABASES.test(source) || FOREIGN_HANDLE.test(source)) return false;
  let opened = 0;
  for (const m of source.matchAll(OPENS)) {
    if (/["']$/.test(m[1] ?? '')) opened++;
    else if (!/import[^\n]*$/.test(source.slice(Math.max(0, m.index - 120), m.index))) return false;
  }
  return opened > 0;
}
