import type { RiskLevel } from '../../contract/index.js';
import type { RiskClass } from '../findings.js';
import type { Value } from './values.js';

type Risk = (cls: RiskClass, id: string, level: RiskLevel, text: string, target?: string) => void;

const SERVICES =
  /^import (?:boto3|botocore|aioboto3|kubernetes|google\.cloud|googleapiclient|azure|pymongo|motor|redis|aioredis|docker|podman|elasticsearch|opensearchpy|digitalocean|hcloud|heroku3?|github|gitlab|openstack|libcloud|influxdb\w*|cassandra|neo4j|couchdb|firebase_admin|kafka|confluent_kafka|consul|etcd3|hvac|nomad|pinecone|qdrant_client|weaviate|chromadb|stripe|pyVmomi|proxmoxer|cloudflare|sqlalchemy|mysql|psycopg\w*|ldap3?|snowflake)\b/;
const HEAVY =
  /^(?:terminate_\w+|delete_(?!one$|object$|item$|message\w*$|key$|tag\w*$|comment\w*$|by_query_dry)\w+|begin_delete\w*|destroy\w*|drop|drop_(?:all|database|collection|table|index|schema|user)|flushall|flushdb|flush_?all|purge_\w+|purge|prune\w*|remove_user|wipe\w*|schedule_key_deletion|deregister_\w+|stop_logging|disable_key|revoke_\w+|delete_many|detroy|indices\.delete|shutdown|dropDatabase)$/;

/** Destructive calls of cloud, container and database libraries, by the last name of the call. */
export function judgeService(name: string, args: Value[], keywords: Map<string, Value>, text: string, seen: Set<string>, risk: Risk): void {
  const method = name.slice(name.lastIndexOf('.') + 1);
  if (
    !/^[a-z_]/i.test(method) ||
    !/delete|destroy|terminate|drop|flush|purge|prune|remove|wipe|stop_|disable|revoke|deregister|shutdown|schedule/.test(method)
  )
    return;
  const services = [...seen].filter((s) => SERVICES.test(s));
  if (services.length === 0) return;
  const many = keywords.has('force') || /\.all\(\)|list\(\s*(?:all|\)|filters)/.test(text) || /SkipFinalSnapshot|force=True/.test(text);
  const bounded = method === 'delete_many' && args.length > 0 && !/\(\s*\{\s*\}\s*\)/.test(text);
  const plain = method === 'delete' || method === 'remove';
  const cloud = services.some((s) =>
    /boto|google|azure|kubernetes|docker|digitalocean|hcloud|openstack|github|gitlab|elastic|opensearch/.test(s),
  );
  if (HEAVY.test(method) && !bounded) risk('admin', 'cloud/delete', 'risky', `Deletes by a library: ${name.slice(-60)}`);
  else if (plain && cloud && (many || /indices|Bucket\(|bucket\(|Instance\(|Table\(|namespace|volume|repo/.test(text)))
    risk('admin', 'cloud/delete', 'risky', `Deletes by a library: ${name.slice(-60)}`);
  else if (plain || bounded || HEAVY.test(method)) risk('admin', 'cloud/delete', 'notable', `Deletes by a library: ${name.slice(-60)}`);
}
