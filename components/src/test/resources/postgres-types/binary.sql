-- # Bytes and bits

create table byteas (v bytea);
insert into byteas values ('\xdeadbeef');
-- both     "3q2+7w=="
insert into byteas values ('');
-- both     ""

create table single_bits (v bit);
insert into single_bits values (B'1');
-- native   "1"
-- debezium true

create table bits (v bit(12));
insert into bits values (B'000100000010');
-- native   "000100000010"
-- debezium "AgE="

create table varying_bits (v bit varying(16));
insert into varying_bits values (B'101');
-- native   "101"
-- debezium "BQ=="
insert into varying_bits values (B'');
-- both     ""

create table any_bits (v bit varying);
insert into any_bits values (B'1');
-- native   "1"
-- debezium "AQ=="
