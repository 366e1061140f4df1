-- # Documents and structures

create extension hstore;
create type address as (street text, number integer, tags text[]);

create table jsons (v json);
insert into jsons values ('{"a":  [1.10, null], "a": "b\u00e4"}');
-- native   {"a":  [1.10, null], "a": "b\u00e4"}
-- debezium "{\"a\":  [1.10, null], \"a\": \"b\\u00e4\"}"

create table jsonbs (v jsonb);
insert into jsonbs values ('{"b": [1.10, null], "a": "\u00e4"}');
-- native   {"a": "ä", "b": [1.10, null]}
-- debezium "{\"a\": \"ä\", \"b\": [1.10, null]}"
insert into jsonbs values ('"text"');
-- native   "text"
-- debezium "\"text\""

create table multiline_jsons (v json);
insert into multiline_jsons values (E'[1,\n2]');
-- native   [1,⏎2]
-- debezium "[1,\n2]"

create table hstores (v hstore);
insert into hstores values ('a=>1, "b \"q\""=>NULL');
-- native   {"a":"1","b \"q\"":null}
-- debezium "{\"a\":\"1\",\"b \\\"q\\\"\":null}"

create table composites (v address);
insert into composites values (row('Main "St"', 7, '{a,b}'));
-- both     "(\"Main \"\"St\"\"\",7,\"{a,b}\")"

create table int4ranges (v int4range);
insert into int4ranges values ('[1,5]');
-- both     "[1,6)"
insert into int4ranges values ('empty');
-- both     "empty"

create table int8ranges (v int8range);
insert into int8ranges values ('(,5)');
-- both     "(,5)"

create table numranges (v numrange);
insert into numranges values ('[1.5,2.5]');
-- both     "[1.5,2.5]"

create table dateranges (v daterange);
insert into dateranges values ('[2024-02-01,2024-02-29]');
-- both     "[2024-02-01,2024-03-01)"

create table tsranges (v tsrange);
insert into tsranges values ('[2024-02-29 12:00,infinity]');
-- both     "[\"2024-02-29 12:00:00\",infinity]"

create table tstzranges (v tstzrange);
insert into tstzranges values ('[2024-02-29 12:00+02,)');
-- both     "[\"2024-02-29 10:00:00+00\",)"

create table int4multiranges (v int4multirange);
insert into int4multiranges values ('{[1,3],[5,7)}');
-- both     "{[1,4),[5,7)}"

create table int8multiranges (v int8multirange);
insert into int8multiranges values ('{}');
-- both     "{}"

create table nummultiranges (v nummultirange);
insert into nummultiranges values ('{[1.5,2]}');
-- both     "{[1.5,2]}"

create table datemultiranges (v datemultirange);
insert into datemultiranges values ('{[2024-02-01,2024-02-03)}');
-- both     "{[2024-02-01,2024-02-03)}"

create table tsmultiranges (v tsmultirange);
insert into tsmultiranges values ('{[2024-02-29 12:00,2024-02-29 13:00)}');
-- both     "{[\"2024-02-29 12:00:00\",\"2024-02-29 13:00:00\")}"

create table tstzmultiranges (v tstzmultirange);
insert into tstzmultiranges values ('{[2024-02-29 12:00+00,2024-02-29 13:00+00)}');
-- both     "{[\"2024-02-29 12:00:00+00\",\"2024-02-29 13:00:00+00\")}"
