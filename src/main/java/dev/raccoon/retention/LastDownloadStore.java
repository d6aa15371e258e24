package dev.raccoon.retention;

import dev.raccoon.value.BuildId;
import java.time.LocalDate;
import java.util.Collection;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** On which day each build's package was fetched last. */
public final class LastDownloadStore {
  /** In one order, so that two nodes at once do not wait for one another. */
  private static final String WRITE =
      """
      insert into last_download as l (build_id, day)
      select distinct coalesce(same_as, id), cast(:day as date) from build where id = any (:builds) order by 1
      on conflict (build_id) do update set day = excluded.day where l.day < excluded.day
      """;

  private final Jdbi jdbi;

  /** Records in the database of {@code jdbi}. */
  public LastDownloadStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** The packages of {@code builds} were fetched on {@code day}, and maybe later. */
  void write(Collection<BuildId> builds, LocalDate day) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(WRITE)
            .bind("day", day)
            .bindArray("builds", UUID.class, builds.stream().map(BuildId::uuid).toArray())
            .execute());
  }
}
