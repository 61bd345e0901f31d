-- The fence of every table of 0003 to 0005 (0002 guards its own).
select app_guard('account', 'record', 'id');
select app_guard(t, 'record') from unnest(array['account_address','account_key','account_field','account_search','account_version','account_share',
  'note','task','file','file_chunk','opportunity','territory_pin','ownership_act','account_overlay','placement_history']) t;
select app_guard(t, 'private') from unnest(array['account_private','contact']) t;
select app_guard('account_placement', 'placement');
select app_guard(t, 'tenant') from unnest(array['approval_request','territory_model','territory_type','territory_rule','territory','territory_member',
  'value_list','value_list_item','activation','placement_queue','import_job','import_chunk','import_reject','import_before','import_memory','bulk_edit','bulk_edit_row']) t;
grant usage on all sequences in schema public to jiangyu_app, jiangyu_bulk;
