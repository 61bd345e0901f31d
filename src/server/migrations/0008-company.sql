-- The company's own settings are changed by one at a time, like every editable row.
alter table tenant add column row_version int not null default 1;
