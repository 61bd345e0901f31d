-- The recycle bin is small, and is asked for beside tables that are not.
create index account_deleted on account (tenant_id, deleted_at) where deleted_at is not null;
