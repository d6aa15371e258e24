package dev.raccoon.catalog;

import dev.raccoon.queue.Lease;
import dev.raccoon.toolchain.ResolvedDependencies.LockUse;
import dev.raccoon.toolchain.ResolvedDependency;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Sha256;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What builds used beside their own trees. */
public final class DependencyStore {
  private static final String HOLD =
      "update build set stage = stage where id = :build and lease = :lease";

  private static final String INSERT =
      """
      insert into build_dependency
        (build_id, position, name, kind, revision, source, inner_digest, digest)
      values (:build, :position, :name, :kind, :revision, :source, :inner, :digest)
      """;

  /** A build that stands for another one used what that one did. Without any, there is one row. */
  private static final String OF =
      """
      select l.use, d.* from build b
      left join build_lock l on l.build_id = coalesce(b.same_as, b.id)
      left join build_dependency d on d.build_id = coalesce(b.same_as, b.id)
      where b.id = :build order by d.position
      """;

  private final Jdbi jdbi;

  /** Records in the database of {@code jdbi}. */
  public DependencyStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** What one build used, and what it did with its lock file. */
  public record Used(List<ResolvedDependency> dependencies, LockUse lock) {
    public Used {
      dependencies = List.copyOf(dependencies);
    }
  }

  /**
   * Records what the build of {@code lease} has used, in place of what an earlier run of it may
   * have recorded.
   *
   * @throws dev.raccoon.queue.LostLeaseException and records nothing, once the lease is lost
   */
  public void record(Lease lease, Used used) {
    jdbi.useTransaction(handle -> {
      LeasedBuildStore.fenced(lease, handle.createUpdate(HOLD));
      for (String table : List.of("build_dependency", "build_lock")) {
        handle.execute("delete from " + table + " where build_id = ?", lease.build().uuid());
      }
      insert(handle, lease.build(), used.dependencies());
      if (used.lock() != LockUse.NONE) {
        handle.execute(
            "insert into build_lock (build_id, use) values (?, ?)",
            lease.build().uuid(),
            used.lock().name());
      }
    });
  }

  private static void insert(Handle handle, BuildId build, List<ResolvedDependency> all) {
    if (all.isEmpty()) {
      return;
    }
    var batch = handle.prepareBatch(INSERT);
    int position = 0;
    for (ResolvedDependency each : all) {
      batch
          .bind("build", build.uuid())
          .bind("position", position++)
          .bind("name", each.name())
          .bind("kind", each.kind().name())
          .bind("revision", each.revision())
          .bind("source", each.source())
          .bind("inner", each.innerDigest().map(Sha256::hex))
          .bind("digest", each.digest().map(Sha256::hex))
          .add();
    }
    batch.execute();
  }

  /** What {@code build} used; nothing while it has not compiled. */
  public Used of(BuildId build) {
    List<Row> rows =
        jdbi.withHandle(handle ->
            handle
                .createQuery(OF)
                .bind("build", build.uuid())
                .map((row, context) -> row(row))
                .list());
    return new Used(
        rows.stream().flatMap(row -> row.dependency().stream()).toList(),
        rows.stream().flatMap(row -> row.lock().stream()).findFirst().orElse(LockUse.NONE));
  }

  private record Row(Optional<LockUse> lock, Optional<ResolvedDependency> dependency) {}

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        Optional.ofNullable(row.getString("use")).map(LockUse::valueOf),
        row.getString("name") == null ? Optional.empty() : Optional.of(dependency(row)));
  }

  private static ResolvedDependency dependency(ResultSet row) throws SQLException {
    return new ResolvedDependency(
        row.getString("name"),
        ResolvedDependency.Kind.valueOf(row.getString("kind")),
        row.getString("revision"),
        row.getString("source"),
        digest(row.getString("inner_digest")),
        digest(row.getString("digest")));
  }

  private static Optional<Sha256> digest(@org.jspecify.annotations.Nullable String hex) {
    return Optional.ofNullable(hex).map(Sha256::new);
  }
}
