-- # Arrays
-- Elements have the form of their type. Lower bounds are dropped.

create type size as enum ('s', 'large one');
create domain tags as text[];

create table integer_arrays (v integer[]);
insert into integer_arrays values ('{1,NULL,3}');
-- both     [1,null,3]
insert into integer_arrays values ('{}');
-- both     []
insert into integer_arrays values ('{{1,2},{3,4}}');
-- both     [[1,2],[3,4]]
insert into integer_arrays values ('[2:3]={5,6}');
-- both     [5,6]

create table bigint_arrays (v bigint[]);
insert into bigint_arrays values ('{9223372036854775807}');
-- both     [9223372036854775807]

create table boolean_arrays (v boolean[]);
insert into boolean_arrays values ('{t,f,NULL}');
-- both     [true,false,null]

create table double_arrays (v double precision[]);
insert into double_arrays values ('{1.5,NaN}');
-- both     [1.5,"NaN"]

create table numeric_arrays (v numeric(10,2)[]);
insert into numeric_arrays values ('{1.5,NULL}');
-- native   [1.50,null]
-- debezium ["AJY=",null]

create table text_arrays (v text[]);
insert into text_arrays values (array['a', 'b "c" \ d', '{e,f}', '', 'NULL', null]);
-- both     ["a","b \"c\" \\ d","{e,f}","","NULL",null]

create table varchar_arrays (v character varying(10)[]);
insert into varchar_arrays values ('{abc}');
-- both     ["abc"]

create table enum_arrays (v size[]);
insert into enum_arrays values ('{s,"large one"}');
-- both     ["s","large one"]

create table uuid_arrays (v uuid[]);
insert into uuid_arrays values ('{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}');
-- both     ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]

create table date_arrays (v date[]);
insert into date_arrays values ('{2024-02-29,infinity}');
-- native   ["2024-02-29","infinity"]
-- debezium [19782,2146033979]

create table time_arrays (v time[]);
insert into time_arrays values ('{12:00:00.5}');
-- native   ["12:00:00.5"]
-- debezium [43200500000]

create table timestamp_arrays (v timestamp[]);
insert into timestamp_arrays values ('{"2024-02-29 12:00:00"}');
-- native   ["2024-02-29T12:00:00"]
-- debezium [1709208000000000]

create table timestamp_with_zone_arrays (v timestamp with time zone[]);
insert into timestamp_with_zone_arrays values ('{"2024-02-29 12:00:00+00"}');
-- native   ["2024-02-29T12:00:00Z"]
-- debezium ["2024-02-29T12:00:00.000000Z"]

create table interval_arrays (v interval[]);
insert into interval_arrays values ('{"1 mon",02:00:00}');
-- native   ["P1M","PT2H"]
-- debezium [2629800000000,7200000000]

create table bytea_arrays (v bytea[]);
insert into bytea_arrays values (array['\xdead'::bytea, ''::bytea]);
-- both     ["3q0=",""]

create table json_arrays (v jsonb[]);
insert into json_arrays values (array['{"a": 1}'::jsonb, 'null'::jsonb, null]);
-- native   [{"a": 1},null,null]
-- debezium ["{\"a\": 1}","null",null]

create table inet_arrays (v inet[]);
insert into inet_arrays values ('{10.0.0.1,::1}');
-- both     ["10.0.0.1","::1"]

create table money_arrays (v money[]);
insert into money_arrays values ('{"$1,234.50"}');
-- native   ["$1,234.50"]
-- debezium ["AeI6"]

create table point_arrays (v point[]);
insert into point_arrays values ('{"(1,2)"}');
-- native   [{"x":1,"y":2}]
-- debezium [{"x":1,"y":2,"wkb":"AQEAAAAAAAAAAADwPwAAAAAAAABA","srid":null}]

create table range_arrays (v int4range[]);
insert into range_arrays values ('{"[1,5)",empty}');
-- both     ["[1,5)","empty"]

create table box_arrays (v box[]);
insert into box_arrays values ('{(1,1),(0,0);(2,2),(1,1)}');
-- both     "{(1,1),(0,0);(2,2),(1,1)}"

create table array_domains (v tags);
insert into array_domains values ('{a,NULL}');
-- both     ["a",null]

create table arrays_of_array_domains (v tags[]);
insert into arrays_of_array_domains values (array['{a,"b c"}'::tags, '{}'::tags]);
-- both     [["a","b c"],[]]
