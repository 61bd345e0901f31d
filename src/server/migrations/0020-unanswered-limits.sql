-- Limits of the policy that a submitted change reaches and that nobody but its author could answer for: it is not approved while one stands.
alter table change_set add column unanswered jsonb not null default '[]';
