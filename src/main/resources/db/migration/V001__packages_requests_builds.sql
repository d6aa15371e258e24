create extension if not exists pg_trgm;

-- A repository that was asked for. Names that differ only in case are one package, as on the code hosts.
create table package (
  id          bigint generated always as identity primary key,
  namespace   text not null,
  name        text not null,
  clone_url   text not null,
  description text not null default '',
  -- How many rows of a list of ended builds are its; see ended_builds.
  ended_builds int not null default 0 check (ended_builds >= 0),
  created_at  timestamptz not null default now()
);
create unique index package_full_name on package (lower(namespace), lower(name));
create index package_name on package (lower(name));
create index package_name_part on package using gin (lower(name) gin_trgm_ops);

-- A ref of a package with the commit that it named. A tag that moved is a second version of the same ref. The first
-- that is built well is accepted, and /get goes on serving it; another one is not accepted until an administrator
-- says so.
create table version (
  id         uuid primary key,
  package_id bigint not null references package,
  ref        text not null,
  ref_kind   text not null check (ref_kind in ('TAG', 'BRANCH', 'COMMIT')),
  commit     text not null check (commit ~ '^[0-9a-f]{40}([0-9a-f]{24})?$'),
  accepted   boolean not null,
  created_at timestamptz not null default now(),
  unique (package_id, ref, commit)
);

-- What somebody asked for, kept for ever. All builds of one request share one fetch.
create table request (
  id         uuid primary key,
  package_id bigint not null references package,
  clone_url  text not null,
  origin     text not null check (origin in ('API', 'REBUILD')),
  created_at timestamptz not null default now()
);

-- A version built for one exact OTP version; until its source is fetched, a placeholder for it. Also the queue.
create table build (
  id          uuid primary key,
  request_id  uuid not null references request,
  package_id  bigint not null references package,
  asked_ref   text,
  asked_otp   text,
  ref         text,
  version_id  uuid references version,
  otp_major   int,
  otp_version text,
  state       text not null default 'QUEUED'
              check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
  failure     text check (failure in
              ('SOURCE', 'DEPENDENCY', 'COMPILE', 'LIMIT', 'TOOLCHAIN', 'INFRASTRUCTURE')),
  message     text not null default '',
  stage       text,
  priority    smallint not null default 0,
  attempt     int not null default 0 check (attempt >= 0),
  not_before  timestamptz not null default now(),
  node        text,
  lease       uuid,
  lease_until timestamptz,
  same_as     uuid references build,
  log_digest  text check (log_digest ~ '^[0-9a-f]{64}$'),
  log_size    bigint check (log_size >= 0),
  queued_at   timestamptz not null default now(),
  started_at  timestamptz,
  finished_at timestamptz,
  constraint build_leased_while_running check ((state = 'RUNNING') = (lease is not null)),
  constraint build_lease_ends check ((lease is null) = (lease_until is null)),
  constraint build_running_was_claimed check
    (state <> 'RUNNING' or (node is not null and started_at is not null and attempt > 0)),
  constraint build_ended_has_time check
    ((state in ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (finished_at is not null)),
  constraint build_failed_has_kind check ((state = 'FAILED') = (failure is not null)),
  constraint build_succeeded_is_whole check
    (state <> 'SUCCEEDED' or (version_id is not null and otp_version is not null and log_digest is not null)),
  constraint build_version_has_ref check (version_id is null or ref is not null),
  constraint build_otp_has_major check (otp_version is null or otp_major is not null),
  constraint build_same_as_another check (same_as is null or (state = 'SUCCEEDED' and same_as <> id)),
  constraint build_log_has_size check ((log_digest is null) = (log_size is null))
);
-- not_before comes last: builds that may not start yet are passed over without a look at their rows.
create index build_waiting on build (priority desc, queued_at, id, not_before) where state = 'QUEUED';
-- Not by lease_until, so that a heartbeat changes no index; there are as many as slots.
create index build_running on build (node) where state = 'RUNNING';
create index build_live on build (package_id) where state in ('QUEUED', 'RUNNING');
create index build_request on build (request_id);
create index build_version on build (version_id, otp_version) where state = 'SUCCEEDED';
create index build_newest on build (finished_at desc, id desc)
  where finished_at is not null and same_as is null;
create index build_package_newest on build (package_id, finished_at desc, id desc)
  where finished_at is not null and same_as is null;
create index build_ref_newest on build (ref, finished_at desc, id desc)
  where finished_at is not null and same_as is null;
create index build_otp_newest on build (otp_version, finished_at desc, id desc)
  where finished_at is not null and same_as is null;
create index build_major_newest on build (otp_major, finished_at desc, id desc)
  where finished_at is not null and same_as is null;

-- How many rows a list of ended builds has, by package in package.ended_builds and by OTP as well here: counting a
-- million of them takes too long for an answer's header. docs/decisions/0004-total-counts.md
create table ended_builds (
  package_id  bigint not null references package,
  otp_major   int,
  otp_version text,
  builds      int not null check (builds >= 0),
  constraint ended_builds_of unique nulls not distinct (package_id, otp_major, otp_version)
);
create index ended_builds_otp on ended_builds (otp_version) include (builds);
create index ended_builds_major on ended_builds (otp_major) include (builds);

create function is_listed(b build) returns boolean language sql immutable
  return b.finished_at is not null and b.same_as is null;

create function count_ended_build() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and is_listed(old) then
    update package set ended_builds = ended_builds - 1 where id = old.package_id;
    update ended_builds set builds = builds - 1
    where package_id = old.package_id and otp_major is not distinct from old.otp_major
      and otp_version is not distinct from old.otp_version;
  end if;
  if tg_op <> 'DELETE' and is_listed(new) then
    update package set ended_builds = ended_builds + 1 where id = new.package_id;
    insert into ended_builds as e (package_id, otp_major, otp_version, builds)
    values (new.package_id, new.otp_major, new.otp_version, 1)
    on conflict on constraint ended_builds_of do update set builds = e.builds + 1;
  end if;
  return null;
end $$;
create trigger build_is_counted
  after insert or delete or update of finished_at, same_as, package_id, otp_major, otp_version on build
  for each row execute function count_ended_build();

-- Which builds answer which request: a repeated request shares the builds of an earlier one.
create table request_build (
  request_id uuid not null references request,
  build_id   uuid not null references build,
  primary key (request_id, build_id)
);
create index request_build_build on request_build (build_id);

-- The other builds of a placeholder whose repository lists several OTP versions: new ones, or such as waited or ran.
create table split (
  placeholder_id uuid not null references build,
  build_id       uuid not null references build,
  primary key (placeholder_id, build_id)
);

-- Bytes named by their digest: an application of a build in one format.
create table artifact (
  build_id    uuid not null references build,
  application text not null,
  format      text not null,
  app_vsn     text not null,
  main        boolean not null,
  digest      text not null check (digest ~ '^[0-9a-f]{64}$'),
  size        bigint not null check (size >= 0),
  primary key (build_id, application, format)
);
create unique index artifact_main on artifact (build_id, format) where main;
create index artifact_digest on artifact (digest);

-- A running build's log so far. When it ends, the whole log goes to the artifact store and its chunks go.
create table log_chunk (
  build_id uuid not null references build,
  position bigint not null check (position >= 0),
  bytes    bytea not null,
  primary key (build_id, position)
);
