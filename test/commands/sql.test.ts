import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outcome, read } from './read.js';

const sql = (query: string) => read('execute_sql', { query });

const DESTRUCTIVE = ['DROP TABLE users', 'drop table if exists a.b cascade', 'TRUNCATE users', 'TRUNCATE TABLE logs RESTART IDENTITY', 'DELETE FROM users', 'delete from users;', 'DELETE FROM users WHERE 1=1', "DELETE FROM users WHERE 'a'='a'", 'DELETE FROM users WHERE true', 'DELETE FROM users WHERE id = id', 'DELETE FROM users WHERE id > 0 OR 1=1', 'DELETE FROM t WHERE x = 3 OR 2>1', 'DELETE FROM t WHERE id IS NOT NULL', "UPDATE users SET password = 'x'", "UPDATE users SET a=1 WHERE name LIKE '%'", 'UPDATE u SET a=1 WHERE NOT FALSE', 'DROP VIEW v', 'DROP INDEX i', 'DROP USER bob', "DROP USER 'bob'@'%'", 'DROP ROLE r', 'DROP FUNCTION f()', 'ALTER TABLE t DROP COLUMN c', 'ALTER USER bob WITH SUPERUSER', "ALTER USER bob IDENTIFIED BY 'x'", 'GRANT ALL ON *.* TO bob', 'REVOKE ALL ON t FROM bob', "CREATE USER eve PASSWORD 'x'", "COPY t TO '/tmp/x'", "COPY t FROM '/etc/passwd'", "SELECT pg_read_file('/etc/passwd')", "SELECT load_file('/etc/passwd')", "SELECT 1 INTO OUTFILE '/tmp/x'", "SELECT * FROM t INTO DUMPFILE '/var/www/x.php'", "LOAD DATA INFILE '/etc/passwd' INTO TABLE t", 'SELECT 1; DROP TABLE t', "SELECT * FROM t WHERE n = 'x'; DELETE FROM t; --", '/*!50000 DROP TABLE t */', 'DROP/**/TABLE/**/t', "DO $$ BEGIN EXECUTE 'DR' || 'OP TABLE t'; END $$", "EXEC('DROP TABLE t')", "EXEC sp_executesql N'TRUNCATE TABLE t'", "EXECUTE IMMEDIATE 'DROP TABLE t'", 'WITH d AS (DELETE FROM t RETURNING 1) SELECT * FROM d', "SELECT * FROM OPENROWSET(BULK 'c:\\x', SINGLE_CLOB) a", "EXEC sp_addsrvrolemember 'bob','sysadmin'", 'CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION f()', "CREATE FUNCTION s(text) RETURNS int AS '/lib/libc.so.6', 'system' LANGUAGE C", 'RENAME TABLE a TO b', "SET GLOBAL general_log_file = '/var/www/x.php'", 'PURGE BINARY LOGS BEFORE NOW()', 'CREATE OR REPLACE TABLE t (a int)', "SELECT utl_http.request('http://x.test')  FROM dual", "SELECT dblink_connect('host=x.test')", 'KILL 12', "SELECT lo_export(1, '/tmp/x')", 'REINDEX x; TRUNCATE t', 'DELETE t FROM t JOIN u ON t.id=u.id', 'UPDATE TOP (100000) t SET a=1', 'DELETE FROM mysql.user WHERE user = 3', 'SELECT * FROM pg_shadow']; // biome-ignore format: a table
const CATASTROPHIC = ['DROP DATABASE prod', 'drop database if exists x', "EXEC xp_cmdshell 'dir'", "EXEC master..xp_cmdshell 'whoami'", "COPY t FROM PROGRAM 'id'", "COPY (SELECT 1) TO PROGRAM 'curl x'", 'SHUTDOWN', 'DROP SCHEMA public CASCADE', "sp_configure 'xp_cmdshell', 1"]; // biome-ignore format: a table
const HARMLESS = ['SELECT * FROM users', 'SELECT count(*) FROM t WHERE a = 1 OR b = 2', "INSERT INTO t (a) VALUES ('DROP TABLE x')", "UPDATE users SET a = 1 WHERE id = 3", 'DELETE FROM users WHERE id = 3', "SELECT 'it''s; DROP TABLE x'", 'SELECT a -- drop table x\nFROM t', 'WITH a AS (SELECT 1) SELECT * FROM a', 'CREATE TABLE t (id int primary key, updated timestamp)', 'CREATE INDEX i ON t (a)', 'EXPLAIN SELECT * FROM t', 'SELECT "drop", `delete` FROM t', 'SELECT [update] FROM t', 'ALTER TABLE t ADD COLUMN c int', 'BEGIN', 'COMMIT', 'SELECT date_trunc(\'day\', x) FROM t', 'SELECT truncate(1.5, 1)', "SELECT replace(a, 'x', 'y') FROM t", 'SELECT $tag$ DROP DATABASE x $tag$', 'SHOW TABLES', 'DELETE FROM sessions WHERE expires < now() AND user_id = 7', "SELECT * FROM t WHERE name LIKE '%'"]; // biome-ignore format: a table

describe('SQL', () => {
  it('asks for destructive statements', () => {
    for (const q of DESTRUCTIVE) assert.notEqual(outcome(sql(q)), 'allow', q);
  });
  it('blocks the catastrophic ones', () => {
    for (const q of CATASTROPHIC) assert.equal(outcome(sql(q)), 'block', q);
  });
  it('lets ordinary statements pass', () => {
    for (const q of HARMLESS) assert.equal(outcome(sql(q)), 'allow', `${q} ${JSON.stringify(sql(q).risks)}`);
  });
  it('holds for comments, case and white space in any place', () => {
    const noise = [' ', '\n', '\t', '/* x */', ' -- y\n'];
    for (const n of noise)
      for (const m of noise)
        for (const q of [`DROP${n}TABLE${m}users`, `dElEtE${n}FROM${m}users`, `TRUNCATE${n}TABLE${m}users`, `GRANT${n}ALL${m}ON t TO bob`])
          assert.notEqual(outcome(sql(q)), 'allow', JSON.stringify(q));
  });
  it('finds SQL in tools whose name says nothing', () => {
    assert.notEqual(outcome(read('mcp__warehouse__run', { statement: 'DROP TABLE users' })), 'allow');
    assert.equal(outcome(read('mcp__warehouse__run', { statement: 'DROP DATABASE prod' })), 'block');
  });
  it('an open quote is not parsed', () => assert.equal(sql("SELECT 'abc").parsed, false));
});
