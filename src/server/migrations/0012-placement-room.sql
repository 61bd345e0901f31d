-- Room on each page, so that a row whose rule version or rivals changed, but not its owner, territory or sight, touches no index.
alter table account_placement set (fillfactor = 90);
