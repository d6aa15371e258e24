-- Which limit a build has run into, and the most that it had of everything, as far as was seen.
alter table build
  add column limit_hit      text check (limit_hit in
    ('TIME', 'SILENCE', 'MEMORY', 'PROCESSES', 'DISK', 'FILES', 'OPEN_FILES', 'LOG', 'ARTIFACT')),
  add column peak_memory    bigint check (peak_memory >= 0),
  add column peak_processes bigint check (peak_processes >= 0),
  add column peak_disk      bigint check (peak_disk >= 0),
  add column peak_files     bigint check (peak_files >= 0);
