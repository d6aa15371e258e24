-- What an artifact with programs or shared libraries needs of the machine that loads them; all null where it has none.
alter table artifact
  add column processors  text[] check (cardinality(processors) > 0),
  add column c_libraries text[],
  add column nif_version text,
  add constraint artifact_native_is_whole check
    ((processors is null) = (c_libraries is null) and (processors is not null or nif_version is null));
