-- What a node of the first schema writes from a request to a build that has succeeded: its statements, with all that they
-- rely on. ID stands for a number that no other run of this file has.
insert into package (namespace, name, clone_url) values ('older', 'pID', 'https://git.example.org/pID.git');
insert into version (id, package_id, ref, ref_kind, commit, accepted)
  select '00000000-0000-0000-0001-0000000000ID', id, '1.0.0', 'TAG', repeat('a', 40), true
  from package where name = 'pID';
insert into request (id, package_id, clone_url, origin)
  select '00000000-0000-0000-0002-0000000000ID', id, clone_url, 'API' from package where name = 'pID';
insert into build (id, request_id, package_id, asked_ref, asked_otp)
  select '00000000-0000-0000-0003-0000000000ID', '00000000-0000-0000-0002-0000000000ID', id, '1.0.0', '25'
  from package where name = 'pID';
insert into request_build (request_id, build_id)
  values ('00000000-0000-0000-0002-0000000000ID', '00000000-0000-0000-0003-0000000000ID');
update build set state = 'RUNNING', attempt = attempt + 1, node = 'older', started_at = now(),
    lease = '00000000-0000-0000-0004-0000000000ID', lease_until = now() + interval '20 seconds'
  where id = (select id from build where state = 'QUEUED' and not_before <= now()
              order by priority desc, queued_at, id limit 1 for update skip locked);
insert into log_chunk (build_id, position, bytes)
  values ('00000000-0000-0000-0003-0000000000ID', 0, convert_to('==> Built.', 'UTF8'));
insert into artifact (build_id, application, format, app_vsn, main, digest, size)
  values ('00000000-0000-0000-0003-0000000000ID', 'pID', 'EP', '1.0.0', true, repeat('b', 64), 10);
update build set state = 'SUCCEEDED', ref = '1.0.0', version_id = '00000000-0000-0000-0001-0000000000ID', otp_major = 25,
    otp_version = '25.2.3', lease = null, lease_until = null, log_digest = repeat('c', 64), log_size = 10,
    finished_at = now()
  where id = '00000000-0000-0000-0003-0000000000ID' and lease = '00000000-0000-0000-0004-0000000000ID';
delete from log_chunk where build_id = '00000000-0000-0000-0003-0000000000ID';
