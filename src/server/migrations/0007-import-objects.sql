-- Imports of six kinds of record, a million rows at a time.

-- Rows of a file that passed the check, waiting to be written: values in the order of the mapping, separated by chr(1).
-- parent_id: the account a contact or an owner belongs to; target_id: the record that is changed (null: a new one).
create table import_row (
  tenant_id bigint not null,
  job_id bigint not null,
  row_no bigint not null,
  key text,
  parent_id bigint,
  target_id bigint,
  cells text not null,
  constraint import_row_pkey primary key (tenant_id, job_id, row_no)
);
select app_guard('import_row', 'tenant');

-- What stood before (null: the import made the record), the version it left behind, and why an undo let the record be.
alter table import_before alter column before drop not null;
alter table import_before add column after_version int;
alter table import_before add column kept text;

-- Which import made a contact or an act of ownership, so that it can be taken back.
alter table contact add column import_id bigint;
create index contact_import on contact (tenant_id, import_id) where import_id is not null;
alter table ownership_act add column import_id bigint;
create index ownership_act_import on ownership_act (tenant_id, import_id) where import_id is not null;

-- One writer's path makes these rows together with their account, and accounts are never deleted but recycled. Checking each row against
-- its account once more costs 10 µs: half of the time of a mass import (docs/decisions). A test looks for orphans instead.
alter table account_private drop constraint account_private_account;
alter table account_key drop constraint account_key_account;
alter table account_address drop constraint account_address_account;
alter table account_search drop constraint account_search_account;
alter table account_version drop constraint account_version_account;
alter table account_field drop constraint account_field_account;
