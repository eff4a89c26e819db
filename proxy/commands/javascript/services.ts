import { carried, type Value } from './values.js';

/** Libraries of clouds, databases and code hosts, by what is imported. */
const SERVICES =
  /^import (?:mongo\w*|@prisma\/client|prisma|sequelize|knex|typeorm|pg|pg-promise|postgres|mysql2?(?:\/promise)?|better-sqlite3|sqlite3?|redis|ioredis|@?elastic\w*(?:\/.*)?|@opensearch\S*|firebase\S*|firebase-admin\S*|@google-cloud\/.*|@aws-sdk\/.*|aws-sdk\S*|@azure\/.*|octokit|@octokit\/.*|dockerode|@kubernetes\/client-node|stripe|@supabase\/.*|cassandra-driver|neo4j-driver|@planetscale\S*|drizzle-orm\S*|mikro-orm\S*|objection|couchbase|nano|minio|@gitbeaker\/.*|@slack\/web-api|kafkajs|@pinecone\S*|@qdrant\S*|cloudflare|@digitalocean\S*|heroku-client|twilio|@sendgrid\S*|ldapjs|vault\S*|node-vault|ssh2|basic-ftp|imapflow|imap|googleapis)$/;

const HEAVY =
  /^(?:dropDatabase|dropCollection|dropTable|dropTableIfExists|dropSchema|dropAllTables|flushall|flushAll|flushdb|flushDb|recursiveDelete|deleteBucket|deleteDatabase|deleteIndex|deleteRepo\w*|deleteRef|deleteInAll|terminate\w*|purge\w*|destroyAll|truncate|deleteUsers|deleteCollection|deleteNamespace\w*|deleteNamespaced\w*|deleteStack|deleteTable|deleteDBInstance|deleteDBCluster|deleteResourceGroup|beginDelete\w*|removeAllListenersAndData|prune\w*|messageDelete|expunge|removeDir|deleteTopics|emptyBucket|deleteFiles|disableRule|scheduleKeyDeletion)$/;
/** Commands of the AWS library: `new DeleteBucketCommand(…)`. */
const COMMAND =
  /^(?:Delete(?!Message|Item|Object$|Tag)\w+|Terminate\w+|Deregister\w+|Disable\w+|StopLogging|StopDBInstance|Purge\w+|ScheduleKeyDeletion|Put(?:Bucket|User|Role)Policy|PutBucketAcl|CreateAccessKey|Attach\w+Policy|AuthorizeSecurityGroupIngress|DeleteObjects)Command$/;
const MANY = /^(?:deleteMany|updateMany|destroy|del|delete|remove|clear|deleteAll|drop|rm|sync)$/;

/** True when every connection of the program goes to a database that a test started in memory. */
export function inMemory(source: string): boolean {
  if (
    !/['"`]mongodb-memory-server['"`]/.test(source) ||
    /mongodb(?:\+srv)?:\/\/|process\.env|\bredis\b|\bpg\b|mysql|aws-sdk|@aws-sdk/.test(source)
  )
    return false;
  const server = /\b(?:const|let|var)\s+(\w+)\s*=\s*await\s+MongoMemory(?:Server|ReplSet)\.create\(/.exec(source)?.[1];
  const opens = [...source.matchAll(/\b(?:connect|createConnection|MongoClient)\s*\(\s*([^)]*)/g)];
  return server !== undefined && opens.length > 0 && opens.every((m) => m[1]!.trim() === `${server}.getUri(` || m[1]!.trim() === '');
}

/** Destructive calls of libraries, by the last name of the call; what is said, or nothing. */
export function destroysByLibrary(name: string, args: Value[], seen: ReadonlySet<string>, loops: boolean): string | undefined {
  const method = name.slice(name.lastIndexOf('.') + 1).replace(/\(\)$/, '');
  if (!HEAVY.test(method) && !COMMAND.test(method) && !MANY.test(method)) return undefined;
  if (![...seen].some((s) => SERVICES.test(s))) return undefined;
  if (HEAVY.test(method) || COMMAND.test(method)) return method;
  const a = args[0];
  const empty = !a || (a.fields?.size === 0 && carried(a).size === 0);
  const where = a?.fields?.get('where');
  if (/^(?:deleteMany|deleteAll|destroy|updateMany)$/.test(method))
    return (empty && (args.length > 0 || method !== 'destroy')) || where?.fields?.size === 0 || a?.fields?.get('truncate')?.text === 'true'
      ? method
      : undefined;
  if (method === 'sync') return a?.fields?.get('force')?.text === 'true' ? method : undefined;
  if (method === 'drop' || method === 'clear')
    return /collection|table|index|schema|\.db|database|dataset/i.test(name) ? method : undefined;
  if (
    /indices|bucket|repos|database|namespace|container|volume|stack|cluster|instances?|collection\(\)\.delete|^knex|dataset|project/i.test(
      name,
    ) &&
    !/\.doc\(/.test(name)
  )
    return method;
  if (method === 'del' && args.length === 0) return method;
  return loops &&
    /^(?:delete|remove|del)$/.test(method) &&
    /git|repo|user|project|page|issue|branch|octokit|gitlab|channel|customer|subscription/i.test(name)
    ? method
    : undefined;
}
