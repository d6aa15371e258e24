package dev.raccoon.catalog;

import dev.raccoon.value.BuildId;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.Limit;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.OtpVersion;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Peaks;
import dev.raccoon.value.Ref;
import dev.raccoon.value.Sha256;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Reads a {@link Build} from a row of {@link #SELECT}. */
final class BuildRow {
  static final String SELECT =
      """
      select b.id, b.request_id, r.origin, r.clone_url, p.namespace, p.name, b.asked_ref, b.asked_otp, b.ref,
             v.commit, b.otp_version, b.state, b.failure, b.message, b.stage, b.attempt,
             b.queued_at, b.started_at, b.finished_at, b.log_digest, b.log_size,
             b.limit_hit, b.peak_memory, b.peak_processes, b.peak_disk, b.peak_files, b.removed_at,
             v.ref_kind = 'TAG' and not v.accepted and exists (
               select 1 from version served
               where served.package_id = v.package_id and served.ref = v.ref
                 and served.ref_kind = 'TAG' and served.accepted) as moved
      from build b
        join request r on r.id = b.request_id
        join package p on p.id = b.package_id
        left join version v on v.id = b.version_id
      """;

  private BuildRow() {}

  static Build read(ResultSet row) throws SQLException {
    return new Build(
        new BuildId(row.getObject("id", UUID.class)),
        row.getObject("request_id", UUID.class),
        Build.Origin.valueOf(row.getString("origin")),
        new PackageName(row.getString("namespace"), row.getString("name")),
        CloneUrl.parse(row.getString("clone_url")),
        text(row, "asked_ref").map(Ref::new),
        text(row, "asked_otp").map(OtpSelector::parse),
        text(row, "ref").map(Ref::new),
        text(row, "commit"),
        row.getBoolean("moved"),
        text(row, "otp_version").map(OtpVersion::new),
        BuildState.valueOf(row.getString("state")),
        text(row, "failure").map(FailureKind::valueOf),
        row.getString("message"),
        text(row, "stage"),
        row.getInt("attempt"),
        row.getTimestamp("queued_at").toInstant(),
        time(row, "started_at"),
        time(row, "finished_at"),
        log(row),
        use(row),
        time(row, "removed_at"));
  }

  private static Optional<BuildUse> use(ResultSet row) throws SQLException {
    Peaks peaks =
        new Peaks(
            row.getLong("peak_memory"),
            row.getLong("peak_processes"),
            row.getLong("peak_disk"),
            row.getLong("peak_files"));
    boolean recorded = row.getObject("peak_files") != null;
    Optional<Limit> limit = text(row, "limit_hit").map(Limit::valueOf);
    return recorded ? Optional.of(new BuildUse(peaks, limit)) : Optional.empty();
  }

  private static Optional<StoredLog> log(ResultSet row) throws SQLException {
    long size = row.getLong("log_size");
    Function<String, StoredLog> stored = digest -> new StoredLog(new Sha256(digest), size);
    return text(row, "log_digest").map(stored);
  }

  static Optional<String> text(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
  }
}
