-- # Numbers

create table booleans (v boolean);
insert into booleans values (true);
-- both     true
insert into booleans values (false);
-- both     false
insert into booleans values (null);
-- both     null

create table smallints (v smallint);
insert into smallints values (-32768);
-- both     -32768

create table integers (v integer);
insert into integers values (2147483647);
-- both     2147483647

create table bigints (v bigint);
insert into bigints values (-9223372036854775808);
-- both     -9223372036854775808

create table oids (v oid);
insert into oids values (4294967295);
-- both     4294967295

create table reals (v real);
insert into reals values (1.5);
-- both     1.5
insert into reals values (1e-10);
-- both     1e-10
insert into reals values ('NaN');
-- both     "NaN"

create table doubles (v double precision);
insert into doubles values (0.1);
-- both     0.1
insert into doubles values (1e300);
-- both     1e+300
insert into doubles values ('-0');
-- both     -0
insert into doubles values ('Infinity');
-- both     "Infinity"
insert into doubles values ('-Infinity');
-- both     "-Infinity"

create table numerics (v numeric);
insert into numerics values (12.50);
-- native   12.50
-- debezium {"scale":1,"value":"fQ=="}
-- debezium decimal: string "12.50"
-- debezium decimal: double 12.50
insert into numerics values (-0.001);
-- native   -0.001
-- debezium {"scale":3,"value":"/w=="}
insert into numerics values (1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890);
-- native   1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890
-- debezium {"scale":0,"value":"AkH8F0L+jSlZOmr+UrMXQc/lp/jmfkdzgb5HhRZB73vxS6zP8ZbOPwrS"}
insert into numerics values ('NaN');
-- native   "NaN"
-- debezium refused
-- debezium decimal: string "NAN"
-- debezium decimal: double "NaN"
insert into numerics values ('Infinity');
-- native   "Infinity"
-- debezium refused
-- debezium decimal: string "POSITIVE_INFINITY"
-- debezium decimal: double "Infinity"
insert into numerics values ('-Infinity');
-- native   "-Infinity"
-- debezium refused
-- debezium decimal: string "NEGATIVE_INFINITY"
-- debezium decimal: double "-Infinity"

create table numerics_with_scale (v numeric(10,2));
insert into numerics_with_scale values (12.5);
-- native   12.50
-- debezium "BOI="
insert into numerics_with_scale values (-99999999.99);
-- native   -99999999.99
-- debezium "/av0HAE="
insert into numerics_with_scale values ('NaN');
-- native   "NaN"
-- debezium refused

create table numerics_with_negative_scale (v numeric(3,-2));
insert into numerics_with_negative_scale values (12345);
-- native   12300
-- debezium "ew=="

create table numerics_with_much_scale (v numeric(2,4));
insert into numerics_with_much_scale values (0.0012);
-- native   0.0012
-- debezium "DA=="

create table moneys (v money);
insert into moneys values (1234.5);
-- native   "$1,234.50"
-- debezium "AeI6"
-- debezium decimal: string "1234.50"
-- debezium decimal: double 1234.50
insert into moneys values (-0.07);
-- native   "-$0.07"
-- debezium "+Q=="
