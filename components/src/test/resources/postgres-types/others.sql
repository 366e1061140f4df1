-- # Geometry, networks and the server's own types
-- PostGIS values (geometry, geography) come as the database prints them, EWKB in hexadecimal digits, in the plain form,
-- and as Debezium's {"wkb": …, "srid": …} in the debezium envelope.

create table points (v point);
insert into points values ('(1.5,-2)');
-- native   {"x":1.5,"y":-2}
-- debezium {"x":1.5,"y":-2,"wkb":"AQEAAAAAAAAAAAD4PwAAAAAAAADA","srid":null}

create table lines (v line);
insert into lines values ('{1,2,3}');
-- both     "{1,2,3}"

create table segments (v lseg);
insert into segments values ('[(0,0),(1,1)]');
-- both     "[(0,0),(1,1)]"

create table boxes (v box);
insert into boxes values ('(1,1),(0,0)');
-- both     "(1,1),(0,0)"

create table paths (v path);
insert into paths values ('((0,0),(1,1))');
-- both     "((0,0),(1,1))"

create table polygons (v polygon);
insert into polygons values ('((0,0),(1,1),(1,0))');
-- both     "((0,0),(1,1),(1,0))"

create table circles (v circle);
insert into circles values ('<(0,0),1.5>');
-- both     "<(0,0),1.5>"

create table inets (v inet);
insert into inets values ('192.168.0.1/24');
-- both     "192.168.0.1/24"
insert into inets values ('2001:db8::1');
-- both     "2001:db8::1"

create table cidrs (v cidr);
insert into cidrs values ('192.168.0.0/24');
-- both     "192.168.0.0/24"

create table macaddrs (v macaddr);
insert into macaddrs values ('08:00:2b:01:02:03');
-- both     "08:00:2b:01:02:03"

create table macaddr8s (v macaddr8);
insert into macaddr8s values ('08:00:2b:01:02:03:04:05');
-- both     "08:00:2b:01:02:03:04:05"

create table lsns (v pg_lsn);
insert into lsns values ('0/16B3748');
-- both     "0/16B3748"

create table xids (v xid);
insert into xids values ('4294967295');
-- both     "4294967295"

create table xid8s (v xid8);
insert into xid8s values ('4294967296');
-- both     "4294967296"

create table cids (v cid);
insert into cids values ('7');
-- both     "7"

create table tids (v tid);
insert into tids values ('(0,1)');
-- both     "(0,1)"

create table snapshots (v pg_snapshot);
insert into snapshots values ('10:20:10,14');
-- both     "10:20:10,14"

create table old_snapshots (v txid_snapshot);
insert into old_snapshots values ('10:20:10,14');
-- both     "10:20:10,14"

create table int2vectors (v int2vector);
insert into int2vectors values ('1 2 3');
-- both     "1 2 3"

create table oidvectors (v oidvector);
insert into oidvectors values ('1 2 3');
-- both     "1 2 3"

create table classes (v regclass);
insert into classes values ('pg_class');
-- both     "pg_class"

create table types (v regtype);
insert into types values ('integer');
-- both     "integer"

create table procedures (v regproc);
insert into procedures values ('pg_sleep');
-- both     "pg_sleep"

create table procedures_with_arguments (v regprocedure);
insert into procedures_with_arguments values ('pg_sleep(double precision)');
-- both     "pg_sleep(double precision)"

create table operators (v regoper);
insert into operators values ('||/');
-- both     "||/"

create table operators_with_arguments (v regoperator);
insert into operators_with_arguments values ('+(integer,integer)');
-- both     "+(integer,integer)"

create table configurations (v regconfig);
insert into configurations values ('english');
-- both     "english"

create table dictionaries (v regdictionary);
insert into dictionaries values ('simple');
-- both     "simple"

create table roles (v regrole);
insert into roles values ('pg_monitor');
-- both     "pg_monitor"

create table namespaces (v regnamespace);
insert into namespaces values ('pg_catalog');
-- both     "pg_catalog"

create table collations (v regcollation);
insert into collations values ('"C"');
-- both     "\"C\""

create table access_lists (v aclitem);
insert into access_lists values ('=r/pg_monitor');
-- both     "=r/pg_monitor"
