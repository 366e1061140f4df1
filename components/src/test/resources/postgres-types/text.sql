-- # Text

create extension citext;
create extension ltree;
create extension isn;
create domain postcode as text check (value ~ '^\d{5}$');
create domain rating as numeric(3,1);
create type mood as enum ('sad', 'so "so"', 'happy');

create table texts (v text);
insert into texts values ('Grüße "there"');
-- both     "Grüße \"there\""
insert into texts values (E'tab\tline\nback\\slash');
-- both     "tab\tline\nback\\slash"
insert into texts values ('');
-- both     ""

create table varchars (v character varying(10));
insert into varchars values ('abc');
-- both     "abc"

create table characters (v character(5));
insert into characters values ('abc');
-- both     "abc  "

create table names (v name);
insert into names values ('relation');
-- both     "relation"

create table single_bytes (v "char");
insert into single_bytes values ('x');
-- both     "x"

create table citexts (v citext);
insert into citexts values ('MiXed');
-- both     "MiXed"

create table enums (v mood);
insert into enums values ('so "so"');
-- both     "so \"so\""

create table text_domains (v postcode);
insert into text_domains values ('04109');
-- both     "04109"

create table numeric_domains (v rating);
insert into numeric_domains values (4.5);
-- native   4.5
-- debezium "LQ=="

create table uuids (v uuid);
insert into uuids values ('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11');
-- both     "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"

create table xmls (v xml);
insert into xmls values ('<a b="c">d</a>');
-- both     "<a b=\"c\">d</a>"

create table tsvectors (v tsvector);
insert into tsvectors values (to_tsvector('english', 'the quick foxes'));
-- both     "'fox':3 'quick':2"

create table tsqueries (v tsquery);
insert into tsqueries values ('fox & !dog');
-- both     "'fox' & !'dog'"

create table ltrees (v ltree);
insert into ltrees values ('top.science');
-- both     "top.science"

create table isbns (v isbn);
insert into isbns values ('978-0-393-04002-9');
-- both     "0-393-04002-X"

create table jsonpaths (v jsonpath);
insert into jsonpaths values ('$.a[*] ? (@ > 1)');
-- both     "$.\"a\"[*]?(@ > 1)"

create table refcursors (v refcursor);
insert into refcursors values ('cursor');
-- both     "cursor"
