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
