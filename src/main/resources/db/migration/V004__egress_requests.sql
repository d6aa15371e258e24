-- What builds, and the fetches for them, did on the network: the first 1,000 requests of each door.
create table egress_request (
  build_id    uuid not null references build,
  id          bigint generated always as identity,
  at          timestamptz not null,
  method      text not null,
  host        text not null,
  path        text not null,
  outcome     text not null check (outcome in ('ANSWERED', 'REFUSED', 'FAILED')),
  status      int,
  reason      text not null default '',
  bytes_out   bigint not null check (bytes_out >= 0),
  bytes_in    bigint not null check (bytes_in >= 0),
  took_millis bigint not null check (took_millis >= 0),
  digest      text check (digest ~ '^[0-9a-f]{64}$'),
  primary key (build_id, id),
  constraint egress_answered_has_status check ((outcome = 'ANSWERED') = (status is not null))
);

-- How many more there were.
create table egress_more (
  build_id uuid primary key references build,
  requests bigint not null check (requests > 0)
);
