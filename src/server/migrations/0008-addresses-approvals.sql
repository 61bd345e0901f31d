-- Addresses of three kinds (注册地, 经营地, 网点), with who looked at them and when; the registered division as a field that rules may name.
alter table account add column registered_division text;

alter table account_address add column name text;
alter table account_address add column source text not null default 'hand';
alter table account_address add column updated_at timestamptz not null default now();
alter table account_address add column verified_by bigint;
alter table account_address add constraint account_address_kind check (kind in ('business', 'registered', 'site'));
alter table account_address add constraint account_address_crs check (crs in ('WGS84', 'GCJ02', 'BD09'));
-- The main place of business and the registered seat are one each; sites are any number.
create unique index account_address_one on account_address (tenant_id, account_id, kind) where kind <> 'site';

-- Companies that exist already get the field beside the division of the main place of business.
insert into field (tenant_id, object, key, type, labels, built_in, in_rules, position)
select f.tenant_id, 'account', 'registeredDivision', 'division',
       jsonb_build_object('zh-CN', '注册地区划', 'zh-TW', '註冊地區劃', 'en', 'Registered division'), true, true, f.position
  from field f where f.object = 'account' and f.key = 'division' and f.built_in;

-- A request for approval 审批: what is asked (kind, record, payload), what was true when it was asked (basis), who decided.
alter table approval_request add column account_id bigint;
alter table approval_request add column payload jsonb not null default '{}';
alter table approval_request add column basis jsonb not null default '{}';
alter table approval_request add column decided_by bigint;
alter table approval_request add constraint approval_request_not_self check (decided_by is null or decided_by <> asked_by or state = 'withdrawn');
create index approval_request_approver on approval_request (tenant_id, approver_id, id desc) where state = 'asked';
create index approval_request_asker on approval_request (tenant_id, asked_by, id desc);
create index approval_request_account on approval_request (tenant_id, account_id, id desc) where account_id is not null;
create unique index approval_request_once on approval_request (tenant_id, kind, record_kind, record_id, asked_by) where state = 'asked';
