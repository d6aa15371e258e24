-- The Erlang/OTP of each node, with the newest tools that run on it, as the node saw them last.
create table node_otp (
  node    uuid not null,
  version text not null,
  root    text not null,
  rebar3  text,
  elixir  text,
  primary key (node, version)
);

-- Installations of Erlang/OTP that administrators asked a node for.
create table otp_install (
  id         bigint generated always as identity primary key,
  node       uuid not null,
  version    text not null,
  state      text not null default 'QUEUED' check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED')),
  reason     text not null default '',
  asked_at   timestamptz not null default now(),
  started_at timestamptz,
  ended_at   timestamptz,
  constraint otp_install_ends_once check ((state in ('SUCCEEDED', 'FAILED')) = (ended_at is not null)),
  constraint otp_install_fails_for_a_reason check ((state = 'FAILED') = (reason <> ''))
);
-- Whoever asks for what is being done already waits for that.
create unique index otp_install_once on otp_install (node, version) where state in ('QUEUED', 'RUNNING');

-- What kerl printed, in pieces.
create table otp_install_chunk (
  install  bigint not null references otp_install,
  position bigint not null check (position >= 0),
  bytes    bytea not null check (length(bytes) > 0),
  primary key (install, position)
);
