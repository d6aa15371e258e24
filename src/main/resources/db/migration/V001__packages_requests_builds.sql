create extension if not exists pg_trgm;

-- A repository that was asked for. Names that differ only in case are one package, as on the code hosts.
create table package (
  id          bigint generated always as identity primary key,
  namespace   text not null,
  name        text not null,
  clone_url   text not null,
  description text not null default '',
  created_at  timestamptz not null default now()
);
create unique index package_full_name on package (lower(namespace), lower(name));
create index package_name_part on package using gin (lower(name) gin_trgm_ops);

-- A ref of a package with the commit that it named. A tag that moved is a second version of the same ref, which
-- is not accepted until an administrator says so: /get goes on serving the first.
create table version (
  id         uuid primary key,
  package_id bigint not null references package,
  ref        text not null,
  ref_kind   text not null check (ref_kind in ('TAG', 'BRANCH', 'COMMIT')),
  commit     text not null,
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
  attempt     int not null default 0,
  not_before  timestamptz not null default now(),
  node        text,
  lease       uuid,
  lease_until timestamptz,
  same_as     uuid references build,
  log_digest  text,
  log_size    bigint,
  queued_at   timestamptz not null default now(),
  started_at  timestamptz,
  finished_at timestamptz,
  check ((state = 'RUNNING') = (lease is not null)),
  check ((state in ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (finished_at is not null)),
  check ((state = 'FAILED') = (failure is not null))
);
create index build_waiting on build (priority desc, queued_at, id) where state = 'QUEUED';
create index build_running on build (lease_until) where state = 'RUNNING';
create index build_live on build (package_id) where state in ('QUEUED', 'RUNNING');
create index build_request on build (request_id);
create index build_version on build (version_id, otp_version) where state = 'SUCCEEDED';
create index build_newest on build (finished_at desc, id desc)
  where finished_at is not null and same_as is null;
create index build_package_newest on build (package_id, finished_at desc, id desc)
  where finished_at is not null and same_as is null;

-- Which builds answer which request: a repeated request shares the builds of an earlier one.
create table request_build (
  request_id uuid not null references request,
  build_id   uuid not null references build,
  primary key (request_id, build_id)
);
create index request_build_build on request_build (build_id);

-- Bytes named by their digest: an application of a build in one format.
create table artifact (
  build_id    uuid not null references build,
  application text not null,
  format      text not null,
  app_vsn     text not null,
  main        boolean not null,
  digest      text not null,
  size        bigint not null,
  primary key (build_id, application, format)
);
create unique index artifact_main on artifact (build_id, format) where main;
create index artifact_digest on artifact (digest);

-- A running build's log so far. When it ends, the whole log goes to the artifact store and its chunks go.
create table log_chunk (
  build_id uuid not null references build,
  position bigint not null,
  bytes    bytea not null,
  primary key (build_id, position)
);
