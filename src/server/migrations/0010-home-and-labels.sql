-- What a person put off on the first page, and until when; what a company calls an industry.

-- subject: the row of the first page, such as task:12, unowned:7, contested:3,9
create table home_snooze (
  tenant_id bigint not null,
  user_id bigint not null,
  subject text not null,
  reason text not null,
  until timestamptz not null,
  created_at timestamptz not null,
  constraint home_snooze_pkey primary key (tenant_id, user_id, subject)
);
alter table home_snooze add constraint home_snooze_user foreign key (tenant_id, user_id) references app_user (tenant_id, id) on delete cascade;
select app_guard('home_snooze', 'own');

-- The company's own words for a code of the classification, which is everybody's; the code stays.
create table industry_label (
  tenant_id bigint not null,
  code text not null,
  labels jsonb not null,
  row_version int not null default 1,
  constraint industry_label_pkey primary key (tenant_id, code)
);
select app_guard('industry_label', 'tenant');
