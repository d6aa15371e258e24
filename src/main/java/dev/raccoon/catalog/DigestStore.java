package dev.raccoon.catalog;

import dev.raccoon.value.BuildId;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/** Which bytes the catalogue names: what the artifact store must have. */
public final class DigestStore {
  /** All of them, in the order of their digests. */
  public static final String ALL =
      """
      select digest from artifact
      union select log_digest from build where log_digest is not null order by 1
      """;

  /**
   * The advisory lock of whoever removes bytes; held, shared, by whoever makes a backup: all that
   * its records name stays until it has been copied.
   */
  public static final String REMOVAL_KEY = "hashtextextended('removal of bytes', 0)";

  private final Jdbi jdbi;

  /** Digests in the database of {@code jdbi}. */
  public DigestStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** The log of a build. */
  public record Log(BuildId build, Sha256 digest) {}

  /** The first {@code most} packages behind {@code after}, in the order of their digests. */
  public List<Sha256> packages(Optional<Sha256> after, int most) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                """
                select distinct digest from artifact where digest > :after order by digest limit :most
                """)
            .bind("after", after.map(Sha256::hex).orElse(""))
            .bind("most", most)
            .map((row, context) -> new Sha256(row.getString("digest")))
            .list());
  }

  /** The logs of the first {@code most} builds behind {@code after} that have one. */
  public List<Log> logs(Optional<BuildId> after, int most) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                """
                select id, log_digest from build
                where log_digest is not null and id > :after order by id limit :most
                """)
            .bind("after", after.map(BuildId::uuid).orElse(new UUID(0, 0)))
            .bind("most", most)
            .map((row, context) ->
                new Log(
                    new BuildId(row.getObject("id", UUID.class)),
                    new Sha256(row.getString("log_digest"))))
            .list());
  }

  /** The first {@code most} builds that made the package {@code digest}. */
  public List<BuildId> buildsOf(Sha256 digest, int most) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                """
                select distinct build_id from artifact where digest = :digest
                order by build_id limit :most
                """)
            .bind("digest", digest.hex())
            .bind("most", most)
            .map((row, context) -> new BuildId(row.getObject("build_id", UUID.class)))
            .list());
  }

  /** What removes bytes. */
  public interface Removal {
    void run() throws IOException;
  }

  /**
   * Removes bytes unless a backup is being made; none is begun meanwhile.
   *
   * @return whether {@code removal} was run
   */
  public boolean remove(Removal removal) throws IOException {
    return jdbi.inTransaction(handle -> {
      boolean free =
          handle
              .createQuery("select pg_try_advisory_xact_lock(" + REMOVAL_KEY + ")")
              .mapTo(Boolean.class)
              .one();
      if (free) {
        removal.run();
      }
      return free;
    });
  }

  /** Those of {@code digests} that a package or a log has. */
  public Set<Sha256> named(Collection<Sha256> digests) {
    String[] all = digests.stream().map(Sha256::hex).toArray(String[]::new);
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                """
                select digest from artifact where digest = any(:digests)
                union select log_digest from build where log_digest = any(:digests)
                """)
            .bindArray("digests", String.class, (Object[]) all)
            .map((row, context) -> new Sha256(row.getString(1)))
            .collect(Collectors.toSet()));
  }
}
