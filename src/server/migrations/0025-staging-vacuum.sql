-- Staging is filled, read once and emptied: pages that only gained rows are not worth a vacuum, those that lost them are.
alter table import_row set (autovacuum_vacuum_insert_threshold = -1);
