package dev.raccoon.catalog;

import dev.raccoon.egress.EgressLog;
import dev.raccoon.egress.EgressRequest;
import dev.raccoon.egress.EgressRequest.Outcome;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Sha256;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** What builds did on the network. Rows are added and never changed. */
public final class EgressStore {
  private static final String RECORD =
      """
      insert into egress_request
        (build_id, at, method, host, path, outcome, status, reason, bytes_out, bytes_in, took_millis, digest)
      values
        (:build, :at, :method, :host, :path, :outcome, :status, :reason, :out, :in, :took, :digest)
      """;

  private static final String MORE =
      """
      insert into egress_more as m (build_id, requests) values (:build, :requests)
      on conflict (build_id) do update set requests = m.requests + excluded.requests
      """;

  private final Jdbi jdbi;

  /** Records in the database of {@code jdbi}. */
  public EgressStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** What takes down the requests of {@code build}. */
  public EgressLog logOf(BuildId build) {
    return new EgressLog() {
      @Override
      public void record(EgressRequest request) {
        EgressStore.this.record(build, request);
      }

      @Override
      public void more(long requests) {
        jdbi.useHandle(handle ->
            handle
                .createUpdate(MORE)
                .bind("build", build.uuid())
                .bind("requests", requests)
                .execute());
      }
    };
  }

  private void record(BuildId build, EgressRequest request) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(RECORD)
            .bind("build", build.uuid())
            .bind("at", request.at())
            .bind("method", request.method())
            .bind("host", request.host())
            .bind("path", request.path())
            .bind("outcome", kind(request.outcome()))
            .bind("status", status(request.outcome()))
            .bind("reason", reason(request.outcome()))
            .bind("out", request.bytesOut())
            .bind("in", request.bytesIn())
            .bind("took", request.took().toMillis())
            .bind("digest", request.digest().map(Sha256::hex))
            .execute());
  }

  private static String kind(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered ignored -> "ANSWERED";
      case Outcome.Refused ignored -> "REFUSED";
      case Outcome.Failed ignored -> "FAILED";
    };
  }

  private static Optional<Integer> status(Outcome outcome) {
    return outcome instanceof Outcome.Answered(int status) ? Optional.of(status) : Optional.empty();
  }

  private static String reason(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered ignored -> "";
      case Outcome.Refused(String why) -> why;
      case Outcome.Failed(String why) -> why;
    };
  }

  /** The recorded requests of {@code build}, in the order in which they ended. */
  public List<EgressRequest> of(BuildId build) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("select * from egress_request where build_id = :build order by id")
            .bind("build", build.uuid())
            .map((row, context) -> request(row))
            .list());
  }

  /** How many requests of {@code build} there were beyond those that are recorded. */
  public long more(BuildId build) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("select requests from egress_more where build_id = :build")
            .bind("build", build.uuid())
            .mapTo(long.class)
            .findOne()
            .orElse(0L));
  }

  private static EgressRequest request(ResultSet row) throws SQLException {
    String reason = row.getString("reason");
    return new EgressRequest(
        row.getObject("at", OffsetDateTime.class).toInstant(),
        row.getString("method"),
        row.getString("host"),
        row.getString("path"),
        switch (row.getString("outcome")) {
          case "ANSWERED" -> new Outcome.Answered(row.getInt("status"));
          case "REFUSED" -> new Outcome.Refused(reason);
          default -> new Outcome.Failed(reason);
        },
        row.getLong("bytes_out"),
        row.getLong("bytes_in"),
        Duration.ofMillis(row.getLong("took_millis")),
        Optional.ofNullable(row.getString("digest")).map(Sha256::new));
  }
}
