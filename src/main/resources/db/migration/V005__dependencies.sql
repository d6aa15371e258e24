-- What builds used beside their own trees: by their lock files, and what their tools have cloned.
create table build_dependency (
  build_id     uuid not null references build,
  position     int not null check (position >= 0),
  name         text not null,
  kind         text not null check (kind in ('HEX', 'GIT')),
  revision     text not null,
  source       text not null,
  inner_digest text check (inner_digest ~ '^[0-9a-f]{64}$'),
  digest       text check (digest ~ '^[0-9a-f]{64}$'),
  primary key (build_id, position)
);

-- What a build did with its lock file, where it had or made one.
create table build_lock (
  build_id uuid primary key references build,
  use      text not null check (use in ('HONOURED', 'MADE', 'CHANGED'))
);
