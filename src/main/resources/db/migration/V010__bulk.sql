alter table request
  -- Since when whoever sent it wants none of its builds any more. One that answers others as well goes on for those.
  add column cancelled_at timestamptz;

-- As before, and the log says so as well.
create or replace function cancelled_instead() returns trigger language plpgsql as $$
begin
  new.state := 'CANCELLED';
  new.finished_at := now();
  new.message := 'Cancelled by ' || new.cancel_asked_by || '.';
  insert into log_chunk (build_id, position, bytes)
  select new.id, coalesce(max(position + length(bytes)), 0), convert_to('==> ' || new.message || chr(10), 'UTF8')
  from log_chunk where build_id = new.id;
  perform pg_notify('build_ended', new.id::text);
  return new;
end $$;

alter table request
  -- Whoever sent it wants new builds, also of what is built well already; so does every one of origin REBUILD.
  add column always_new boolean not null default false;

-- Many versions that an administrator wants built for one Erlang/OTP. Servers put them into the queue, a few at a time.
create table bulk (
  id            bigint generated always as identity primary key,
  otp           text not null,
  -- In lower case; null: all.
  namespaces    text[] check (cardinality(namespaces) > 0),
  -- The last of its builds for this Erlang/OTP failed like that; null: whatever came of it.
  failed        text[] check (cardinality(failed) > 0),
  again         boolean not null,
  asked_by      text not null,
  asked_at      timestamptz not null default now(),
  -- Up to which ref of which package it was looked through.
  after_package bigint not null default 0,
  after_ref     text not null default '',
  skipped       bigint not null default 0 check (skipped >= 0),
  -- Since when it is looked through.
  fed_at        timestamptz,
  cancelled_at  timestamptz,
  cancelled_by  text,
  constraint bulk_cancel_is_somebodys check ((cancelled_at is null) = (cancelled_by is null))
);
create index bulk_open on bulk (id) where fed_at is null and cancelled_at is null;

-- What of it was put into the queue: each ref of a package once.
create table bulk_build (
  bulk_id    bigint not null references bulk,
  package_id bigint not null references package,
  ref        text not null,
  request_id uuid not null references request,
  primary key (bulk_id, package_id, ref)
);
