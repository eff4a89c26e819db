/** Databases, queues, search, frameworks' own database tools. What is given as SQL is read as SQL elsewhere. The form of the lines: `../table.ts`. */
export const DATABASES = String.raw`
@ admin database/change risky Empties, stops, copies out or opens a database
psql : -f|--file* /(?:drop|delete|destroy|wipe|reset|truncate|purge|clean|nuke|teardown|uninstall)\S*\.sql/
psql mysql mariadb sqlite3 : /DROP\s|TRUNCATE\s|ALTER\s+(?:USER|ROLE|SYSTEM)|pg_terminate_backend|pg_read_file|lo_(?:import|export)|COPY\s.*(?:PROGRAM|TO\s+')|pg_reload_conf|pg_drop_replication_slot|pg_switch_wal|SET\s+(?:GLOBAL|PERSIST)|INTO\s+(?:OUT|DUMP)FILE|LOAD_FILE|SHUTDOWN|KILL\s+\d|RESET\s+(?:MASTER|SLAVE)|PURGE\s+BINARY|FLUSH\s+|CREATE\s+USER|GRANT\s|LOAD\s+DATA|INSTALL\s+PLUGIN|sys_exec|UNINSTALL|DELETE\s+FROM\s+mysql|VACUUM\s+FULL/i
psql : /\\(?:!|copy\s+.*(?:program|to\s)|g\s*\|)/i
dropdb dropuser dropdb-14 : !--help
createuser : -s|--superuser
pg_restore : -c|--clean|--create|-C
pg_resetwal pg_resetxlog pg_rewind pg_dropcluster pg_surgery : !--help !-n !--dry-run !-?
pg_ctl pg_ctlcluster : stop|promote|kill|restart|initdb|immediate|drop
pg_dump pg_dumpall mysqldump mariadb-dump mongodump mongoexport : /(?:prod|production|live|customers?|users|payments?|secret|credential)\b/i /\||>|-f\s|--file|--out|-o\s|--result-file|-h\s|--host|--uri/
mysqldump mariadb-dump : --all-databases|-A
mysqladmin mariadb-admin : drop|shutdown|password|flush-*|kill|stop-slave|reload|refresh|create|stop-replica
mysql_secure_installation mariadb-secure-installation
mysqld mysqld_safe mariadbd : --skip-grant-tables|--init-file*|--initialize*|--bind-address=0.0.0.0
mydumper myloader : --overwrite-tables|-o|-d|--purge-mode*
mysqlimport : -d|--delete|-r|--replace
pt-archiver pt-kill pt-online-schema-change gh-ost : --purge|--kill|--execute|--no-delete*
mongosh mongo : /dropDatabase|\.drop\s*\(|\.remove\s*\(\s*(?:\{\s*\}|\))|deleteMany\s*\(|deleteOne|\.deleteMany|dropUser|dropIndex|dropAll|shutdown|createUser|updateUser|grantRoles|renameCollection|replSetReconfig|rs\.(?:stepDown|remove|reconfig|initiate)|sh\.(?:stop|remove)|fsyncLock|killOp|updateMany\s*\(\s*\{\s*\}|update\s*\(\s*\{\s*\}|setParameter|db\.adminCommand|compact|setProfilingLevel|logRotate|eval\s*\(|copyDatabase|cloneCollection|bulkWrite|findAndModify|findOneAndDelete|changeUserPassword|system\.users/
mongorestore mongoimport : --drop|--mode=delete|--deleteAll|--upsert
mongod mongos : --shutdown|--repair|--noauth|--bind_ip_all|--restore
redis-cli valkey-cli keydb-cli : /\s(?:FLUSH(?:ALL|DB)|SHUTDOWN|DEBUG|CONFIG\s+(?:SET|REWRITE|RESETSTAT|GET\s+requirepass)|SLAVEOF|REPLICAOF|MODULE\s+(?:LOAD|UNLOAD)|SCRIPT\s+(?:FLUSH|KILL)|FUNCTION\s+(?:FLUSH|DELETE|LOAD)|CLUSTER\s+(?:RESET|FORGET|FAILOVER|FLUSHSLOTS|DELSLOTS)|ACL\s+(?:SETUSER|DELUSER|LOAD|GETUSER|LIST)|CLIENT\s+(?:KILL|PAUSE)|SWAPDB|MIGRATE|RESTORE|SAVE|BGREWRITEAOF|FAILOVER|RESET|MONITOR|XTRIM|UNLINK|SENTINEL\s+(?:REMOVE|SET|FAILOVER|RESET)|EVAL|EVALSHA|KEYS\s+\S+\s*\|)\b/i
redis-cli valkey-cli keydb-cli : DEL|del|UNLINK|unlink /\uFFFC|\*|--scan|xargs|\s\S+\s+\S+\s+\S+\s/
redis-cli : --cluster /(?:del-node|reset|reshard|fix|call|import)\b/
redis-cli : --rdb*|--functions-rdb*
redis-server valkey-server : --protected-mode|--requirepass|--bind /protected-mode\s+no|bind\s+0\.0\.0\.0/
memcached-tool memcflush memcrm memcdump : flush_all|!stats
memcflush memcrm
cqlsh : /DROP\s|TRUNCATE\s|ALTER\s+(?:ROLE|USER|KEYSPACE)|CREATE\s+(?:USER|ROLE)|GRANT\s|COPY\s+\S+\s.*TO/i
nodetool dsetool : decommission|drain|removenode|assassinate|clearsnapshot|stopdaemon|truncatehints|disablebinary|disablegossip|disableautocompaction|resetlocalschema|move|cleanup|disablebackup|invalidate*|scrub|garbagecollect
sstablescrub sstableofflinerelevel sstablelevelreset
clickhouse clickhouse-client clickhouse-local : /DROP\s|TRUNCATE\s|ALTER\s+TABLE\s+\S+\s+(?:DELETE|DROP|UPDATE)|DETACH\s|SYSTEM\s+(?:SHUTDOWN|KILL|STOP|DROP)|KILL\s+QUERY|INTO\s+OUTFILE|CREATE\s+USER|GRANT\s|executable\(|url\(|s3\(/i
influx influxd : delete|DROP|restore|bucket|user|auth|org|task|upgrade delete|remove|create|restore|--all-access|password /\sdelete\b|DROP\s|restore|auth\s+create|user\s+(?:delete|password|create)|remove/i
cockroach : sql|node|quit|demo|debug|cert|userfile|import /DROP\s|TRUNCATE\s|DELETE\s+FROM|decommission|drain|quit|GRANT\s|--insecure|ballast|userfile\s+delete/i
sqlcmd osql isql tsql mssql-cli bsqldb iusql : /DROP\s|TRUNCATE\s|xp_\w+|sp_configure|sp_OA\w+|ALTER\s+(?:LOGIN|SERVER|DATABASE)|BULK\s+INSERT|OPENROWSET|RECONFIGURE|SHUTDOWN|RESTORE\s+DATABASE|BACKUP\s+DATABASE|CREATE\s+LOGIN|GRANT\s|DELETE\s+FROM\s+\w+\s*(?:;|"|'|$)/i
bcp : out|queryout
sqlplus sqlldr rman expdp impdp exp imp dgmgrl adrci srvctl crsctl lsnrctl dbca asmcmd tbsql : /DROP\s|TRUNCATE\s|DELETE\s|shutdown|crosscheck|\bstop\b|remove|purge|table_exists_action=replace|-deleteDatabase|deleteDatabase|failover|switchover|rm\s|full=y|ALTER\s/i
db2 db2stop db2idrop : drop|force|deactivate|-d|db2stop|delete|uncatalog|quiesce|restore|terminate /drop|force|delete|deactivate|restore|quiesce/i
duckdb : /DROP\s|DELETE\s+FROM|TRUNCATE|COPY\s.*TO|ATTACH|INSTALL|LOAD\s|\.shell|\.system|read_text/i
neo4j-admin neo4j : database|dump|set-initial-password|unbind|stop|load|import drop|load|--overwrite-destination*|unbind|set-initial-password|stop|import|delete /drop|--force|--overwrite|unbind|set-initial|\sstop|delete/
cypher-shell : /DELETE|DROP\s|REMOVE\s|LOAD\s+CSV|apoc\./i
arangosh arangorestore arangodump : /_dropDatabase|_drop\(|truncate\(|--overwrite|--include-system/
couchbase-cli cbbackupmgr cbrestore couch-cli : bucket-delete|bucket-flush|server-remove|failover|reset-admin-password|rebalance|user-manage|remove|restore|bucket-edit|reset-cipher-suites|setting-*
surreal surrealdb edgedb gel : /REMOVE\s|DELETE\s|DROP\s|instance\s+destroy|database\s+(?:wipe|drop)|branch\s+(?:wipe|drop)|import\b/i
snowsql snow bq athena trino presto hive beeline impala-shell spark-sql dbsql databricks vsql dremio monetdb mclient : /DROP\s|TRUNCATE\s|DELETE\s+FROM|ALTER\s+(?:USER|ACCOUNT|TABLE)|GRANT\s|CREATE\s+USER|COPY\s+INTO|INSERT\s+OVERWRITE|UNDROP|object\s+drop|PUT\s+file|REVOKE\s/i
databricks : /\s(?:delete|permanent-delete|remove|rm|destroy|purge|drop|delete-\S+|put-acl|put-secret|create-scope|secrets\s+(?:get|put|list))\b/
hdfs hadoop : dfs|fs|dfsadmin|namenode|balancer|job|distcp -rm|-rmr|-rm*|-format|-expunge|-chmod|-chown|-setrep|-safemode|-kill|-delete|-skipTrash|-deleteSnapshot|-put|-moveFromLocal|-update|-truncate /\s-(?:rmr?|expunge|format|kill|delete|skipTrash|deleteSnapshot|truncate|moveFromLocal)\b|-chmod\s+-R|-chown\s+-R|safemode\s+enter/
yarn mapred : application|job|app|node -kill|-killApplication|--kill
zk : rmr|rm|delete|deleteall
hbase zkCli.sh zkcli zookeepercli zookeeper-shell.sh kudu phoenix sqlline : /\b(?:drop|disable|truncate\w*|deleteall|delete|rmr|setAcl|drop_all|disable_all|delete_snapshot)\b/
curl http https xh wget : /\s(?:-X\s*|--request[\s=]|--method[\s=])?(?:DELETE|PURGE)\s/ !/\s\S*(?:localhost|127\.0\.0\.1|\[::1\])(?::(?!9200|2379|8500|5984|2375|8200)\d+)?\S*\s/
curl wget http xh : /_delete_by_query|_all\/|\/_cluster\/settings|\/_shutdown|_snapshot\/.*_restore|\/_close\b|\/_forcemerge|agent\/(?:leave|force-leave)|\/_flush|admin\/(?:shutdown|delete|reset|purge)|\/actuator\/(?:shutdown|heapdump|env)|\/-\/quit|delete_series|clean_tombstones|\/v1\/sys\/(?:seal|unseal)|\/shutdown\b|\/api\/v\d\/(?:namespaces|nodes|secrets)|\/containers\/create|\/exec\b.*docker|\/_bulk\b.*delete|\/drop\b|\/purge\b|flushall|dropDatabase|\/reset-?db|\/truncate/i
curl wget : /-X\s?(?:POST|PUT|PATCH)|--request[\s=](?:POST|PUT|PATCH)|--post|-d\s|--data/ /\/users?\b.*(?:role|admin)"?\s*[:=]\s*"?(?:admin|true|root)|isAdmin|is_admin|api\.(?:stripe|paypal|github|cloudflare|digitalocean|hetzner|linode|vultr|heroku|godaddy|namecheap|twilio|sendgrid|mailgun)\.\S+\/(?:\S*)(?:refunds|transfers|payouts|payments|charges|purge_cache|dns_records|settings|collaborators|hooks|keys|actions|transfer|dispatches|secrets|members|branches|protection|droplets|servers|mail|messages)/i
es_cli elasticsearch-users elasticsearch-reset-password elasticsearch-node elasticsearch-setup-passwords elasticsearch-service-tokens opensearch-cli esrally curator curator_cli elasticdump multielasticdump : useradd|userdel|passwd|remove|delete*|detach-cluster|unsafe-bootstrap|repurpose|remove-*|--output=*|auto|interactive|-u|-i|roles|show|/delete|--input/
kafka-topics kafka-topics.sh : --delete|--alter
kafka-configs kafka-configs.sh : --alter
kafka-delete-records kafka-delete-records.sh kafka-leader-election.sh kafka-reassign-partitions.sh kafka-storage.sh : --offset-json-file*|--execute|format|--election-type*
kafka-consumer-groups kafka-consumer-groups.sh : --reset-offsets|--delete|--delete-offsets
kafka-acls kafka-acls.sh : --add|--remove
kafka-server-stop kafka-server-stop.sh zookeeper-server-stop.sh
rpk pulsar-admin kaf kcl kafkactl : delete|delete-*|purge|clear-*|trim-prefix|reset*|skip*|terminate|unload|decommission|alter-config|remove /\s(?:delete\S*|purge|clear-\S+|trim-prefix|reset\S*|skip\S*|terminate|decommission|remove)\b/
rabbitmqctl rabbitmqadmin rabbitmq-plugins : reset|force_reset|stop_app|stop|shutdown|delete_*|purge_queue|add_user|change_password|set_permissions|set_user_tags|clear_*|delete|purge|forget_cluster_node|delete_user|delete_vhost|close_*|eval|disable|set_policy|set_parameter|authenticate_user|rotate_logs|import_definitions|import|export_definitions|export|hipe_compile|force_boot|join_cluster|declare /\s(?:reset|force_reset|stop_app|stop|shutdown|delete\S*|purge\S*|add_user|change_password|set_permissions|set_user_tags|clear_\S+|forget_cluster_node|close_\S+|eval|force_boot|import\S*|export_definitions)\b/
nats : stream|consumer|kv|object|server|auth|account purge|rm|del|delete|edit|rmm|seal|raft|peer-remove /\s(?:purge|rm|del|delete|rmm|seal|peer-remove)\b/
celery : purge|control|amqp /\spurge|shutdown|revoke|queue\.(?:delete|purge)|cancel_consumer/
rq flower huey beanstalkd-cli resque sidekiqctl : empty|purge|clear|flush|-f|--all|stop|quiet
temporal tctl : /\s(?:delete|terminate|reset|cancel|remove)\b/
airflow : /\s(?:db\s+(?:reset|clean|drop|init|downgrade)|dags\s+delete|users\s+(?:delete|create|add-role)|variables\s+(?:delete|export|get)|connections\s+(?:export|delete|get)|tasks\s+clear|pools\s+delete|dags\s+backfill)\b/
rake rails bin/rails bundle be : /\b(?:db:(?:drop|reset|purge|migrate:reset|schema:load|truncate_all|seed:replant|environment:set)|\w+:(?:delete_all|destroy_all|purge|wipe|nuke|flush|clear_all|clobber)|tmp:clear.*prod|log:clear|assets:clobber)\S*/
rails bin/rails bundle : /\s(?:runner|r|console|c|dbconsole)\s.*(?:delete_all|destroy_all|update_all|drop_table|truncate|execute|system|destroy!|\.destroy|production|connection\.)/
php artisan : /\s(?:artisan\s+)?(?:migrate:(?:fresh|reset|refresh|rollback)|db:wipe|down|queue:(?:flush|clear)|cache:clear.*prod|key:generate|schema:dump\s.*--prune|model:prune|passport:purge|telescope:(?:clear|prune)|horizon:(?:clear|purge|terminate|forget)|backup:clean|tinker\s.*--execute|db:seed\s.*--force|migrate\s.*--force|optimize:clear.*prod|scout:flush|storage:unlink|vendor:publish\s.*--force)(?=[\s:=]|$)/
python python3 python2 ./manage.py manage.py django-admin uv poetry pipenv : /(?:manage\.py|django-admin)\s.*\b(?:flush|reset_db|sqlflush|drop_\w+|clearsessions\s+--all|migrate\s+\S+\s+zero|delete_\w+|purge\w*|wipe\w*|truncate\w*|clear_\w+|changepassword|createsuperuser|dbshell|remove_stale_contenttypes|dumpdata|nuke\w*|destroy\w*|loaddata\s.*prod|sqlclear|rebuild_index|shell\s.*-c\s.*(?:delete|\.all\(\)))/
manage.py django-admin : flush|reset_db|sqlflush|changepassword|createsuperuser|dumpdata|delete_*|migrate /flush|reset_db|delete_|changepassword|createsuperuser|\szero\b/
npx pnpm yarn bunx npm bun prisma sequelize sequelize-cli typeorm knex drizzle-kit mikro-orm node-pg-migrate db-migrate migrate-mongo ts-node strapi medusa payload directus : /\b(?:prisma\s+)?(?:migrate\s+reset|db\s+push\s.*(?:--force-reset|--accept-data-loss)|migrate\s+resolve|db\s+execute)|db:drop|db:migrate:undo(?::all)?|db:seed:undo\S*|schema:drop|migration:revert|migrate:rollback\s.*--all|migrate:down|schema:(?:fresh|drop)|migration:(?:fresh|down)|drizzle-kit\s+(?:drop|push\s.*--force)|typeorm\s.*(?:schema:drop|query)|migrate:(?:fresh|reset|refresh)|sequelize\S*\s+db:drop|db:wipe|db:reset|reset:db|database:(?:drop|reset|wipe)|drop:all|down\s.*(?:--count|-c)\s*\d+|data\s+(?:transfer|import|export)\b.*--force|schema\s+apply\s.*--yes/
knex : migrate:rollback|migrate:down|seed:run --all|--env=production|production
prisma : migrate|db reset|--force-reset|--accept-data-loss|resolve|execute
typeorm : schema:drop|migration:revert|query
flask : db downgrade
alembic : downgrade base
flyway liquibase : clean|undo|repair|drop-all|dropAll|rollback|rollback-*|rollback*|rollbackCount|drop-all-tables|clear-checksums|clearCheckSums|changelog-sync
sqitch dbmate goose migrate golang-migrate atlas refinery sqlx diesel sea-orm-cli evolve tern rambler : revert|drop|down|reset|rollback|redo|fresh|refresh|force|clean|rework|down-to|purge /\s(?:drop|reset|fresh|force|clean|purge|down-to\s+0|down\s+--?all)\b/
diesel sqlx : database drop|reset
mix ecto : /ecto\.(?:drop|reset|rollback)|delete_all/
wp : db|user|plugin|theme|post|site|core|config|option|role|cap|super-admin|transient|media|search-replace|eval|eval-file|shell|export|package|comment|term|cache|scaffold|rewrite /\s(?:db\s+(?:reset|drop|clean|query|import|cli|export|create)|user\s+(?:create|delete|update|set-role|add-role|reset-password|add-cap|spam)|super-admin\s+(?:add|remove)|(?:plugin|theme)\s+(?:delete|uninstall|deactivate\s.*--all|install\s+(?:https?:|\S+\.zip))|post\s+delete|site\s+(?:delete|empty|spam|archive)|core\s+(?:multisite-convert|download\s.*--force)|option\s+(?:delete|update\s+(?:siteurl|home|admin_email|users_can_register|default_role))|role\s+(?:delete|create|reset)|cap\s+(?:add|remove)|config\s+(?:set|get\s+\S*(?:PASS|KEY|SALT)|shuffle-salts|list)|eval\S*|shell|package\s+install|media\s+\w*delete|comment\s+delete|term\s+delete|transient\s+delete\s.*--all)\b/
drush drupal : sql-drop|sql:drop|sql-sanitize|sql-query|sqlq|sql:query|site-install|si|site:install|user-create|ucrt|uli|user:login|pm-uninstall|pmu|pm:uninstall|php-eval|ev|php:eval|user-cancel|ucan|user:cancel|cim|config-import|cdel|entity:delete|edel|watchdog-delete|wd-del|user-password|upwd|user-add-role|urol|state-set|sql-cli|core-rsync
magento bin/magento n98-magerun2 n98-magerun n98-magerun2.phar : setup:uninstall|setup:rollback|admin:user:create|admin:user:delete|db:drop|db:import|maintenance:enable|module:uninstall|config:set|indexer:reset|db:dump|customer:delete|module:disable|setup:install
symfony bin/console console : /doctrine:(?:database:drop|schema:(?:drop|update\s.*--force)|query:sql|fixtures:load|migrations:(?:migrate\s+(?:first|prev)|rollup|version\s.*--delete))|secrets:(?:reveal|remove|decrypt-to-local|list\s.*--reveal)|messenger:(?:failed:remove|stop-workers)|cache:pool:clear/
dotnet dotnet-ef : ef|database|migrations|user-secrets drop|remove|update|list|clear /ef\s+(?:database\s+(?:drop|update\s+0)|migrations\s+remove\s.*--force)|user-secrets\s+(?:list|clear|remove)/
discourse gitlab-rake mastodon tootctl occ nextcloud occ.php gitea grafana sentry odoo odoo-bin bench erpnext moodle ghost : /\s(?:\S*(?:restore|delete|remove|destroy|purge|wipe|drop|reset|uninstall|disable|maintenance|suspend|clear|erase|drop-site|reinstall|password|promote|self-destruct)\S*)\s/
vtctldclient vtctlclient vtctl : /\s(?:Delete|Remove|Cleanup|Backup|Restore|Emergency|Planned|Apply|Execute|Force|Drop|Shard\w*Remove)\w*/
gitlab-ctl gitlab-backup : cleanse|uninstall|stop|restore|remove-accounts|reset-grafana
`;
