-- 10,000 packages in 100 namespaces, half of them called server…; 20,000 versions, 50 builds of each.
insert into package (namespace, name, clone_url)
select namespace, name, 'https://git.example.org/' || namespace || '/' || name || '.git'
from (select 'ns' || n % 100 as namespace, case n % 2 when 0 then 'tool' else 'server' end || n / 2 as name
      from generate_series(1, 10000) n) named;

insert into version (id, package_id, ref, ref_kind, commit, accepted)
select gen_random_uuid(), p.id, case v when 1 then 'v1' else 'v1.' || p.id % 200 end, 'TAG', lpad(to_hex(p.id), 40, '0'), true
from package p, generate_series(1, 2) v;

insert into request (id, package_id, clone_url, origin)
select gen_random_uuid(), id, clone_url, 'API' from package;

alter table build disable trigger user;
insert into build (id, request_id, package_id, asked_ref, asked_otp, ref, version_id, otp_major, otp_version, state, failure,
                   log_digest, log_size, queued_at, finished_at)
select uuidv7(), r.id, r.package_id, v.ref, otp.major, v.ref, v.id, otp.major, otp.version,
       case n.n % 10 when 0 then 'FAILED' else 'SUCCEEDED' end, case n.n % 10 when 0 then 'COMPILE' end,
       repeat('ab', 32), 1000, ended.at, ended.at
from version v
  join request r on r.package_id = v.package_id
  cross join generate_series(1, 50) n(n)
  join (values (0, 25, '25.3.2.8'), (1, 25, '25.3.2.9'), (2, 26, '26.2.5'), (3, 27, '27.1'), (4, 27, '27.3.4'))
    otp(n, major, version) on otp.n = n.n % 5,
  lateral (select timestamptz '2026-01-01' - (random() * 1e8 + n.n + v.package_id * 0) * interval '1 s' as at) ended
order by ended.at;
update build set otp_version = '28.0', otp_major = 28
where id in (select id from build order by finished_at limit 500);
insert into ended_builds (package_id, otp_major, otp_version, builds)
select package_id, otp_major, otp_version, count(*) from build group by 1, 2, 3;
update package p set ended_builds = (select sum(builds) from ended_builds e where e.package_id = p.id);
alter table build enable trigger user;

insert into artifact (build_id, application, format, app_vsn, main, digest, size)
select id, 'demo', 'ep', '1.0.0', true, repeat('cd', 32), 4096 from build where state = 'SUCCEEDED';

insert into build (id, request_id, package_id, asked_ref, asked_otp, ref, otp_major, priority)
select gen_random_uuid(), r.id, r.package_id, 'w' || n, '25', 'w' || n, 25, n % 3
from request r, generate_series(1, 10) n;
insert into request_build (request_id, build_id) select request_id, id from build;
analyze;
vacuum analyze build;
vacuum analyze ended_builds;
vacuum analyze package;
