import { inMemory } from './pretend.js';
import { type Call, imports, listText, risk } from './run.js';
import { first } from './value.js';

const SERVICES =
  /^import (?:boto3|botocore|aioboto3|kubernetes|google\.cloud|googleapiclient|azure|pymongo|motor|redis|aioredis|docker|podman|elasticsearch|opensearchpy|digitalocean|hcloud|heroku3?|github|gitlab|openstack|libcloud|influxdb\w*|cassandra|neo4j|couchdb|firebase_admin|kafka|confluent_kafka|consul|etcd3|hvac|nomad|pinecone|qdrant_client|weaviate|chromadb|stripe|pyVmomi|proxmoxer|cloudflare|sqlalchemy|mysql|psycopg\w*|ldap3?|snowflake|mongoengine|peewee|django|pika|boto|tencentcloud|aliyunsdk\w*|oci|linode_api4|vultr|pulumi|python_terraform|jenkins\w*|slack_sdk|tweepy|dropbox|libvirt|netmiko|memcache|pymemcache|minio|huggingface_hub|wandb|mlflow|celery|slack\w*|discord|shopify|zendesk|jira|atlassian|notion_client|hubspot|simple_salesforce|googleads|facebook_business|asana|trello|airtable|pyairtable|gspread|O365|msgraph|okta|pyVim|xenapi|ibm_\w+)\b/;
const CLOUD =
  /boto|google|azure|kubernetes|docker|digitalocean|hcloud|openstack|github|gitlab|elastic|opensearch|libvirt|oci|podman|minio|dropbox|ldap/;
const VERBS =
  /delete|destroy|terminate|drop|flush|purge|prune|remove|wipe|stop_|disable|revoke|deregister|shutdown|schedule|undefine|archive|detach|empty/;
const HEAVY =
  /^(?:terminate|terminate_\w+|delete_(?!one$|object$|item$|message\w*$|key$|tag\w*$|comment\w*$|by_query_dry)\w+|begin_delete\w*|destroy\w*|drop|drop_(?:all|database|collection|table|index|indexes|schema|user)|flushall|flushdb|flush_?all|purge_\w+|purge|prune\w*|remove_user|wipe\w*|schedule_key_deletion|deregister_\w+|stop_logging|disable_key|revoke_\w+|delete_many|indices\.delete|shutdown|dropDatabase|undefine|stop_instances|disable_rule|empty_bucket|queue_delete|queue_purge|exchange_delete|delete_topics|remove_protection|archive|conversations_archive|chat_delete|files_delete|users_admin\w*|delete_collection\w*|clear_bucket|remove_bucket|remove_objects?)$/;

/** Destructive calls of cloud, container and database libraries, by the last name of the call. */
export function judgeService(c: Call): void {
  const { name, run } = c;
  const method = name.slice(name.lastIndexOf('.') + 1);
  if (!VERBS.test(method) || !/^[a-z_]/i.test(method)) return;
  const services = [...run.seen].filter((s) => SERVICES.test(s));
  if (services.length === 0) return;
  const pretend =
    (run.patched.has('boto3') && services.every((s) => /boto/.test(s))) ||
    (services.every((s) => /sqlalchemy|peewee/.test(s)) && inMemory(run.source));
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
  if (serious && !pretend) risk(run, 'admin', 'cloud/delete', 'risky', `Deletes by a library: ${name.slice(-60)}`);
  else if (pretend || plain || bounded || HEAVY.test(method))
    risk(run, 'admin', 'cloud/delete', 'notable', `Deletes by a library: ${name.slice(-60)}`);
}

/** `Model.objects.all().delete()`, `session.query(X).delete()`, `metadata.drop_all()`: whole tables by an object mapper. */
export function tableEmptied(c: Call): void {
  const { name, run } = c;
  if (/\.drop_(?:all|tables?)$|\.truncate_table$/.test(name)) {
    if (/\b(?:sqlalchemy|peewee|flask_sqlalchemy|sqlmodel|db|metadata|tortoise|pony)\b/i.test(run.source))
      risk(run, 'delete', 'sql/drop', inMemory(run.source) ? 'notable' : 'risky', 'Drops tables by an object mapper');
    return;
  }
  const bounded = /\.(?:filter|where|filter_by|get|exclude|first|get_or_404|limit)\(/.test(c.node.text) || c.args.length > 0;
  if (/\.objects\.(?:all\(\)\.)?delete$|\.query(?:\(\))?\.delete$/.test(name) && !bounded)
    risk(run, 'delete', 'sql/delete-all', 'risky', 'Deletes all rows of a table by an object mapper');
}

/** Commands of Django and Alembic that empty or take back a database. */
export function managed(c: Call): void {
  const words = c.args.map((v) => listText(v) ?? '').join(' ');
  if (
    /^(?:flush|reset_db|sqlflush|zero|migrate \S+ zero)\b|\bbase\b|--noinput.*flush/.test(words) ||
    (/downgrade/.test(c.name) && /base|-\d|head/.test(words))
  )
    risk(c.run, 'delete', 'sql/drop', 'risky', `Empties or takes back the database: ${words.slice(0, 60)}`);
}

/** Containers that hold the machine. */
export function containerRun(c: Call): void {
  if (!imports(c.run, /^(?:docker|podman)/)) return;
  const t = c.node.text;
  if (
    /privileged\s*=\s*True|pid_mode\s*=\s*['"]host|cap_add|network_mode\s*=\s*['"]host|docker\.sock|['"]\/['"]\s*:\s*\{|['"]\/(?:etc|root|var|home|usr)?:\//.test(
      t,
    )
  )
    risk(c.run, 'admin', 'container/host', 'risky', 'Runs a container that holds the machine');
  const command = c.args[1] ? listText(c.args[1]) : first(c.keywords.get('command'));
  if (command) c.run.x.shell(command);
}
