-- A name that was given, not one that PostgreSQL would have made up.
alter table health_measure rename constraint health_measure_key to health_measure_once;
