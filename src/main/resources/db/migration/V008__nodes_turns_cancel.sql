-- The machines that build or answer, as each last said of itself.
create table node (
  id         uuid primary key,
  name       text not null,
  processor  text not null,
  program    text not null,
  slots      int not null check (slots >= 0),
  -- The exact Erlang/OTP versions that it has.
  otp        text[] not null,
  -- Finishes what it has, and takes no more.
  draining   boolean not null default false,
  started_at timestamptz not null default now(),
  seen_at    timestamptz not null default now(),
  -- Since when it has been stopped in an orderly way; one that was killed is only not seen any more.
  stopped_at timestamptz
);

-- One row: whether any node may take anything.
create table queue_pause (
  one       boolean primary key default true check (one),
  paused_at timestamptz,
  paused_by text,
  constraint queue_pause_is_somebodys check ((paused_at is null) = (paused_by is null))
);
insert into queue_pause default values;

alter table build
  -- In lower case; null where an older program queued it.
  add column namespace       text,
  -- Builds of one priority come by turn: whoever has many waiting waits behind itself. See next_turn.
  add column turn            bigint not null default 0,
  -- What its repository lists, where the node that found it out cannot build for that.
  add column needed_otp      text,
  add column cancel_asked_at timestamptz,
  add column cancel_asked_by text,
  add constraint build_cancel_is_somebodys check ((cancel_asked_at is null) = (cancel_asked_by is null));

-- Which nodes may take it: those that have this Erlang/OTP; all where it is empty.
alter table build
  add column otp_key text not null generated always as (coalesce(needed_otp, asked_otp, '')) stored;

-- not_before comes last: builds that may not start yet are passed over without a look at their rows.
create index build_turn on build (otp_key, priority desc, turn, id, not_before) where state = 'QUEUED';
create index build_order on build (priority desc, turn, id) where state = 'QUEUED';
create index build_turns_taken on build (namespace, priority, turn) where state = 'QUEUED';
create index build_to_cancel on build (lease) where cancel_asked_at is not null and state = 'RUNNING';
drop index build_waiting;

-- The turn of a build that a namespace queues now: behind its own that wait, and not before the first that waits at
-- all. Two at once may get the same one, which does no harm: the older comes first.
create function next_turn(its_namespace text, its_priority smallint) returns bigint language sql stable as $$
  select greatest(
    coalesce((select turn from build where state = 'QUEUED' and priority = its_priority order by turn limit 1), 0),
    coalesce((select turn + 1 from build
              where state = 'QUEUED' and namespace = its_namespace and priority = its_priority
              order by turn desc limit 1), 0))
$$;

-- Whatever sends a build back to the queue, one that is to be cancelled ends there. Here rather than in each of those
-- statements, so that it holds for nodes of an older program as well.
create function cancelled_instead() returns trigger language plpgsql as $$
begin
  new.state := 'CANCELLED';
  new.finished_at := now();
  new.message := 'Cancelled by ' || new.cancel_asked_by || '.';
  perform pg_notify('build_ended', new.id::text);
  return new;
end $$;
create trigger build_is_cancelled_instead
  before update on build for each row
  when (old.state = 'RUNNING' and new.state = 'QUEUED' and new.cancel_asked_at is not null)
  execute function cancelled_instead();

-- What a trigger changes is in no statement's list of columns: ended builds are counted by what they are.
drop trigger build_is_counted on build;
create trigger build_is_counted
  after insert or delete on build for each row execute function count_ended_build();
create trigger build_is_counted_anew
  after update on build for each row
  when ((old.finished_at, old.same_as, old.package_id, old.otp_major, old.otp_version)
        is distinct from (new.finished_at, new.same_as, new.package_id, new.otp_major, new.otp_version))
  execute function count_ended_build();

alter table request drop constraint request_origin_check;
alter table request add constraint request_origin_check check (origin in ('API', 'REBUILD', 'BULK'));
