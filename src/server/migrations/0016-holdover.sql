-- Shares that a change set gives to whoever had a customer before 留守: taken back with it.
alter table account_share add column change_set_id bigint;
