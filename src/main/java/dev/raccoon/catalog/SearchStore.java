package dev.raccoon.catalog;

import dev.raccoon.value.BuildId;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/**
 * Lists of ended builds, newest first. A list is read by at most two statements: its page, and the
 * count of all its rows. A build that turned out to be built already is no row of its own.
 */
public final class SearchStore {
  private final Jdbi jdbi;

  /** Searches the database of {@code jdbi}. */
  public SearchStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * What is looked for; what is empty is not looked at.
   *
   * @param name a part of the package's name, in any case
   * @param namespace the whole namespace, in any case
   * @param version the whole ref
   * @param readable the private namespaces that are looked at as well
   */
  public record Criteria(
      Optional<String> name,
      Optional<String> namespace,
      Optional<String> version,
      Optional<OtpSelector> otp,
      Namespaces readable) {}

  /** Ended builds that meet {@code criteria}: those of the very name first, then the newest. */
  public Page<BuildSummary> search(Criteria criteria, Page.Request page) {
    Map<String, Object> values = SearchSql.values(criteria);
    Visibility visibility = new Visibility(criteria.readable());
    return jdbi.withHandle(handle -> {
      Query rows =
          visibility
              .bind(handle.createQuery(SearchSql.page(criteria, page.after().isPresent())))
              .bindMap(values)
              .bind("limit", page.limit());
      criteria.name().ifPresent(name -> rows.bind("exact", SearchSql.lower(name)));
      page.after().ifPresent(id -> rows.bind("after", id.uuid()));
      return new Page<>(
          summaries(plannedForItsValues(rows)),
          plannedForItsValues(visibility.bind(handle.createQuery(SearchSql.total(criteria))))
              .bindMap(values)
              .mapTo(Long.class)
              .one());
    });
  }

  /** The builds that ended last, of public packages and of {@code readable}. */
  public List<BuildSummary> last(int limit, Namespaces readable) {
    Visibility visibility = new Visibility(readable);
    return jdbi.withHandle(handle ->
        summaries(
            visibility
                .bind(
                    handle.createQuery(
                        "select "
                            + SearchSql.COLUMNS
                            + "from build b join package p on p.id = b.package_id where "
                            + SearchSql.LISTED
                            + visibility.shown("p")
                            + SearchSql.NEWEST_FIRST))
                .bind("limit", limit)));
  }

  /**
   * Of which a package's good builds are asked for: any of {@code wanted}, or all where that is
   * empty. A private package that is not in {@code readable} has none.
   */
  public record Available(PackageName name, List<Wanted> wanted, Namespaces readable) {
    private static final String BUILDS =
        """
         from build b join package p on p.id = b.package_id join version v on v.id = b.version_id
        """;
    private static final String GOOD =
        """
         where lower(p.namespace) = :namespace and lower(p.name) = :name
           and b.state = 'SUCCEEDED' and b.finished_at is not null and b.same_as is null
           and b.removed_at is null and v.accepted
        """;
    private static final String ANY_WANTED =
        """
         and exists (
           select 1 from unnest(cast(:refs as text[]), cast(:majors as int[]), cast(:exacts as text[])) as w(ref, major, exact)
           where (w.ref is null or w.ref = b.ref) and (w.major is null or w.major = b.otp_major)
             and (w.exact is null or w.exact = b.otp_version))
        """;

    private String where() {
      String good = GOOD + visibility().shown("p");
      return wanted.isEmpty() ? good : good + ANY_WANTED;
    }

    private String from() {
      return BUILDS + where();
    }

    private Visibility visibility() {
      return new Visibility(readable);
    }

    private Query bind(Query query) {
      visibility()
          .bind(query)
          .bind("namespace", SearchSql.lower(name.namespace()))
          .bind("name", SearchSql.lower(name.name()));
      if (!wanted.isEmpty()) {
        query
            .bindArray("refs", String.class, each(w -> w.ref().map(Ref::name)))
            .bindArray("majors", Integer.class, each(w -> major(w.otp())))
            .bindArray("exacts", String.class, each(w -> exact(w.otp())));
      }
      return query;
    }

    private @Nullable Object[] each(Function<Wanted, Optional<?>> value) {
      return wanted.stream().map(w -> value.apply(w).orElse(null)).toArray();
    }

    private static Optional<Integer> major(Optional<OtpSelector> otp) {
      return otp.filter(OtpSelector::isMajor).map(asked -> asked.asked().major());
    }

    private static Optional<String> exact(Optional<OtpSelector> otp) {
      return otp.filter(asked -> !asked.isMajor()).map(OtpSelector::toString);
    }
  }

  /** Good builds that can be downloaded, newest first. */
  public Page<BuildSummary> available(Available asked, Page.Request page) {
    String after = page.after().isEmpty() ? "" : SearchSql.after(asked.visibility());
    String rows = "select " + SearchSql.COLUMNS + asked.from() + after + SearchSql.NEWEST_FIRST;
    return jdbi.withHandle(handle -> {
      Query query = asked.bind(handle.createQuery(rows)).bind("limit", page.limit());
      page.after().ifPresent(id -> query.bind("after", id.uuid()));
      return new Page<>(
          summaries(query),
          asked
              .bind(handle.createQuery("select count(*) " + asked.from()))
              .mapTo(Long.class)
              .one());
    });
  }

  /** A version that can be had for an OTP release. */
  public record AvailableVersion(UUID id, String ref, int otpMajor) {}

  /** The (ref, release) pairs that have a good build, those built last first. */
  public List<AvailableVersion> versions(Available asked, int limit) {
    String sql =
        "select (array_agg(v.id order by b.finished_at desc, b.id desc))[1] as id, b.ref, b.otp_major, max(b.finished_at) as newest "
            + asked.from()
            + " group by b.ref, b.otp_major order by newest desc, b.ref, b.otp_major limit :limit";
    return jdbi.withHandle(handle ->
        asked
            .bind(handle.createQuery(sql))
            .bind("limit", limit)
            .map((row, context) ->
                new AvailableVersion(
                    row.getObject("id", UUID.class), row.getString("ref"), row.getInt("otp_major")))
            .list());
  }

  /**
   * The newest good build that matches and has {@code application}, with that artifact in {@code
   * format}; where no application is named, with its main one.
   */
  public Optional<Found> newest(Available asked, Optional<String> application, String format) {
    String sql =
        "select b.id as found, a.*"
            + Available.BUILDS
            + "join artifact a on a.build_id = b.id and a.format = :format and "
            + (application.isPresent() ? "a.application = :application" : "a.main")
            + asked.where()
            + SearchSql.NEWEST_FIRST;
    return jdbi.withHandle(handle -> {
      Query query = asked.bind(handle.createQuery(sql)).bind("format", format).bind("limit", 1);
      application.ifPresent(name -> query.bind("application", name));
      return query
          .map((row, context) ->
              new Found(new BuildId(row.getObject("found", UUID.class)), ArtifactRow.read(row)))
          .findOne();
    });
  }

  /** A build with the artifact that is served for it. */
  public record Found(BuildId build, Artifact artifact) {}

  private static List<BuildSummary> summaries(Query query) {
    return query.map((row, context) -> summary(row)).list();
  }

  private static BuildSummary summary(ResultSet row) throws SQLException {
    return new BuildSummary(
        new BuildId(row.getObject("id", UUID.class)),
        row.getString("namespace"),
        row.getString("name"),
        row.getString("state").equals("SUCCEEDED"),
        row.getString("message"),
        row.getTimestamp("finished_at").toInstant(),
        BuildRow.text(row, "ref"),
        Optional.ofNullable(row.getObject("otp_major", Integer.class)),
        BuildRow.text(row, "otp_version"));
  }

  /**
   * The driver would soon keep one plan for all values; but a common part of a name is best found
   * from the newest build on, a rare one from its packages.
   */
  private static Query plannedForItsValues(Query query) {
    return query.addCustomizer(
        new StatementCustomizer() {
          @Override
          public void beforeExecution(PreparedStatement statement, StatementContext context)
              throws SQLException {
            statement.unwrap(PGStatement.class).setPrepareThreshold(0);
          }
        });
  }
}
