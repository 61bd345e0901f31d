-- What a placement row says, as one number: runs compare it instead of the row. 0: not compared yet, the next run writes it.
alter table account_placement add column standing bigint not null default 0;
