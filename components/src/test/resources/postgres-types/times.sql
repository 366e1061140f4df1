-- # Dates and times
-- The plain form is ISO 8601 as java.time reads it: years before 1 and after 9999 have a sign, and the year before
-- 0001 is 0000, so 44 BC is -0043. Timestamps with a time zone come in UTC.

create table dates (v date);
insert into dates values ('2024-02-29');
-- native   "2024-02-29"
-- debezium 19782
insert into dates values ('0044-03-15 BC');
-- native   "-0043-03-15"
-- debezium -735160
insert into dates values ('10000-01-01');
-- native   "+10000-01-01"
-- debezium 2932897
insert into dates values ('5874897-12-31');
-- native   "+5874897-12-31"
-- debezium 2145042905
insert into dates values ('infinity');
-- native   "infinity"
-- debezium 2146033979
insert into dates values ('-infinity');
-- native   "-infinity"
-- debezium -2147472691

create table times (v time);
insert into times values ('23:59:59.999999');
-- native   "23:59:59.999999"
-- debezium 86399999999
insert into times values ('24:00:00');
-- native   "24:00:00"
-- debezium 86400000000

create table times_in_millis (v time(3));
insert into times_in_millis values ('12:34:56.789');
-- native   "12:34:56.789"
-- debezium 45296789

create table times_with_zone (v time with time zone);
insert into times_with_zone values ('12:00:00.5+02');
-- native   "12:00:00.5+02:00"
-- debezium "10:00:00.5Z"
insert into times_with_zone values ('00:30:00+05:30');
-- native   "00:30:00+05:30"
-- debezium "19:00:00Z"

create table timestamps (v timestamp);
insert into timestamps values ('2024-02-29 12:00:00.5');
-- native   "2024-02-29T12:00:00.5"
-- debezium 1709208000500000
insert into timestamps values ('0044-03-15 12:00:00 BC');
-- native   "-0043-03-15T12:00:00"
-- debezium -63517780800000000
insert into timestamps values ('294276-12-31 23:59:59.999999');
-- native   "+294276-12-31T23:59:59.999999"
-- debezium 9223372036854775806
insert into timestamps values ('infinity');
-- native   "infinity"
-- debezium 9223372036825200000
insert into timestamps values ('-infinity');
-- native   "-infinity"
-- debezium -9223372036832400000

create table timestamps_in_millis (v timestamp(3));
insert into timestamps_in_millis values ('2024-02-29 12:00:00.5');
-- native   "2024-02-29T12:00:00.5"
-- debezium 1709208000500
insert into timestamps_in_millis values ('infinity');
-- native   "infinity"
-- debezium 9223372036825200

create table timestamps_with_zone (v timestamp with time zone);
insert into timestamps_with_zone values ('2024-02-29 12:00:00.5+02');
-- native   "2024-02-29T10:00:00.5Z"
-- debezium "2024-02-29T10:00:00.500000Z"
insert into timestamps_with_zone values ('0044-03-15 12:00:00+00 BC');
-- native   "-0043-03-15T12:00:00Z"
-- debezium "-0043-03-15T12:00:00.000000Z"
insert into timestamps_with_zone values ('10000-01-01 00:00:00+00');
-- native   "+10000-01-01T00:00:00Z"
-- debezium "+10000-01-01T00:00:00.000000Z"
insert into timestamps_with_zone values ('infinity');
-- both     "infinity"
insert into timestamps_with_zone values ('-infinity');
-- both     "-infinity"

create table timestamps_with_zone_in_seconds (v timestamp(0) with time zone);
insert into timestamps_with_zone_in_seconds values ('2024-02-29 12:00:00+00');
-- both     "2024-02-29T12:00:00Z"

create table intervals (v interval);
insert into intervals values ('1 year 2 months -3 days 04:05:06.7');
-- native   "P1Y2M-3DT4H5M6.7S"
-- debezium 36572706700000
insert into intervals values ('-1 day -00:00:00.5');
-- native   "P-1DT-0.5S"
-- debezium -86400500000
insert into intervals values ('1 month');
-- native   "P1M"
-- debezium 2629800000000
insert into intervals values ('0');
-- native   "PT0S"
-- debezium 0
insert into intervals values ('178000000 years');
-- native   "P178000000Y"
-- debezium 9223372036854775807
insert into intervals values ('infinity');
-- native   "infinity"
-- debezium 9223372036854775807
