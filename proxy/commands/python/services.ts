import { type Call, risk } from './run.js';

const SERVICES =
  /^import (?:boto3|botocore|aioboto3|kubernetes|google\.cloud|googleapiclient|azure|pymongo|motor|redis|aioredis|docker|podman|elasticsearch|opensearchpy|digitalocean|hcloud|heroku3?|github|gitlab|openstack|libcloud|influxdb\w*|cassandra|neo4j|couchdb|firebase_admin|kafka|confluent_kafka|consul|etcd3|hvac|nomad|pinecone|qdrant_client|weaviate|chromadb|stripe|pyVmomi|proxmoxer|cloudflare|sqlalchemy|mysql|psycopg\w*|ldap3?|snowflake|mongoengine|peewee|django|pika|boto|tencentcloud|aliyunsdk\w*|oci|linode_api4|vultr|pulumi|python_terraform|jenkins\w*|slack_sdk|tweepy|dropbox|libvirt|netmiko|memcache|pymemcache|minio|ibm_\w+)\b/;
const CLOUD =
  /boto|google|azure|kubernetes|docker|digitalocean|hcloud|openstack|github|gitlab|elastic|opensearch|libvirt|oci|podman|minio|dropbox|ldap/;
const VERBS =
  /delete|destroy|terminate|drop|flush|purge|prune|remove|wipe|stop_|disable|revoke|deregister|shutdown|schedule|undefine|detach|empty/;
const HEAVY =
  /^(?:terminate|terminate_\w+|delete_(?!one$|object$|item$|message\w*$|key$|tag\w*$|comment\w*$|by_query_dry)\w+|begin_delete\w*|destroy\w*|drop|drop_(?:all|database|collection|table|index|indexes|schema|user)|flushall|flushdb|flush_?all|purge_\w+|purge|prune\w*|remove_user|wipe\w*|schedule_key_deletion|deregister_\w+|stop_logging|disable_key|revoke_\w+|delete_many|indices\.delete|shutdown|dropDatabase|undefine|stop_instances|disable_rule|empty_bucket)$/;

/** Destructive calls of cloud, container and database libraries, by the last name of the call. */
export function judgeService(c: Call): void {
  const { name, run } = c;
  const method = name.slice(name.lastIndexOf('.') + 1);
  if (!VERBS.test(method) || !/^[a-z_]/i.test(method)) return;
  const services = [...run.seen].filter((s) => SERVICES.test(s));
  if (services.length === 0) return;
  const t = c.node.text;
  const many = c.keywords.has('force') || /\.all\(\)|list\(\s*(?:all|\)|filters)/.test(t) || /SkipFinalSnapshot|force=True/.test(t);
  const bounded = method === 'delete_many' && c.args.length > 0 && !/\(\s*\{\s*\}\s*\)/.test(t);
  const plain = method === 'delete' || method === 'remove';
  const cloud = services.some((s) => CLOUD.test(s));
  const serious =
    (HEAVY.test(method) && !bounded) ||
    ((plain || method === 'delete_object') && run.loops > 0 && !/\b(?:os|shutil|pathlib)\./.test(name)) ||
    (plain && services.some((s) => /ldap/.test(s))) ||
    (plain && cloud && (many || /indices|Bucket\(|bucket\(|Instance\(|Table\(|namespace|volume|repo/.test(t)));
  if (serious) risk(run, 'admin', 'cloud/delete', 'risky', `Deletes by a library: ${name.slice(-60)}`);
  else if (plain || bounded || HEAVY.test(method))
    risk(run, 'admin', 'cloud/delete', 'notable', `Deletes by a library: ${name.slice(-60)}`);
}
