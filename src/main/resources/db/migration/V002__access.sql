-- Who may do what: tokens, private namespaces, an administrator's limits for a package, and the record of such acts.

-- The secret itself is nowhere: it is 256 random bits, so that its plain SHA-256 cannot be searched for it.
create table token (
  id           bigint generated always as identity primary key,
  name         text not null,
  scope        text not null check (scope in ('READ', 'BUILD', 'ADMINISTER')),
  -- In lower case; null: all.
  namespaces   text[] check (cardinality(namespaces) > 0),
  digest       text not null unique check (digest ~ '^[0-9a-f]{64}$'),
  created_at   timestamptz not null,
  until        timestamptz,
  last_used_at timestamptz,
  withdrawn_at timestamptz
);

-- A namespace that an administrator has said something of; all others are public.
create table namespace (
  name       text primary key check (name = lower(name)),
  private    boolean not null,
  changed_at timestamptz not null default now()
);

-- Kept in step with namespace by triggers, so that whoever lists builds needs no other table for it.
alter table package add column private boolean not null default false;
create index package_private on package (id) where private;

-- Held, shared, by whoever makes a package known and, alone, by whoever makes its namespace private or public: neither
-- misses the other.
create function namespace_key(name text) returns bigint language sql immutable
  return hashtextextended('namespace ' || lower(name), 0);

create function package_follows_its_namespace() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(namespace_key(new.namespace));
  -- A statement of its own, after the lock, so that it sees what was committed meanwhile.
  new.private := exists (select 1 from namespace n where n.name = lower(new.namespace) and n.private);
  return new;
end $$;
create trigger package_is_private
  before insert or update of namespace on package
  for each row execute function package_follows_its_namespace();

create function namespace_leads_its_packages() returns trigger language plpgsql as $$
declare
  what namespace := case when tg_op = 'DELETE' then old else new end;
begin
  perform pg_advisory_xact_lock(namespace_key(what.name));
  update package set private = tg_op <> 'DELETE' and what.private
  where lower(namespace) = what.name and private <> (tg_op <> 'DELETE' and what.private);
  return null;
end $$;
create trigger namespace_is_private
  after insert or delete or update on namespace
  for each row execute function namespace_leads_its_packages();

-- What an administrator gave one package instead of the server's limits, in the limit's unit.
create table package_limit (
  namespace text not null check (namespace = lower(namespace)),
  name      text not null check (name = lower(name)),
  kind      text not null,
  amount    bigint not null check (amount > 0),
  primary key (namespace, name, kind)
);

-- Every administrative act, for ever.
create table audit (
  id          bigint generated always as identity primary key,
  happened_at timestamptz not null default now(),
  actor       text not null,
  act         text not null,
  subject     text not null,
  detail      text not null,
  address     text
);
create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only';
end $$;
create trigger audit_stays
  before update or delete or truncate on audit
  for each statement execute function audit_is_append_only();
