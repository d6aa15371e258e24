-- What an operator's rules take of old builds: the bytes of packages and logs. Their records stay, and say so.

alter table build add column removed_at timestamptz;
alter table build
  drop constraint build_succeeded_is_whole,
  add constraint build_succeeded_is_whole check
    (state <> 'SUCCEEDED' or (version_id is not null and otp_version is not null
      and (log_digest is not null or removed_at is not null))),
  add constraint build_removed_has_no_log check
    (removed_at is null or (finished_at is not null and log_digest is null));
create index build_package_kept on build (package_id) where finished_at is not null and removed_at is null;
create index build_same_as on build (same_as) where same_as is not null;
create index split_build on split (build_id);
create index build_dependency_digest on build_dependency (digest) where digest is not null;

-- The last day, in UTC, on which a build's package was fetched.
create table last_download (
  build_id uuid primary key references build,
  day      date not null
);

-- Bytes that a removed record has named: they go from the store unless another record names them. A row stays until
-- they have gone, so that whoever is killed in between has forgotten nothing.
create table removal (
  digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
  since  timestamptz not null default clock_timestamp()
);

-- One row: when the next of the daily runs is due. Whoever moves it on does that run.
create table retention_turn (
  one    boolean primary key default true check (one),
  due_at timestamptz not null default now()
);
insert into retention_turn default values;
