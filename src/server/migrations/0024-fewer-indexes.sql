-- Lists run backwards through it; new rows then come at its end, where a B-tree takes them cheapest.
drop index account_updated;
create index account_updated on account (tenant_id, updated_at, id);
-- What an import made has the ids drawn for it, which the import knows.
drop index account_import;
