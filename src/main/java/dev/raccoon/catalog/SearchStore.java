package dev.raccoon.catalog;

import static java.util.stream.Collectors.joining;

import dev.raccoon.value.BuildId;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.PackageName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/**
 * Lists of ended builds, newest first. A list is read by at most two statements: its page, and the
 * count of all its rows. A build that turned out to be built already is no row of its own.
 */
public final class SearchStore {
  private static final String COLUMNS =
      """
      b.id, p.namespace, p.name, b.state, b.message, b.finished_at, b.ref, b.otp_major, b.otp_version
      """;

  private static final String LISTED = "b.finished_at is not null and b.same_as is null";

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
   */
  public record Criteria(
      Optional<String> name,
      Optional<String> namespace,
      Optional<String> version,
      Optional<OtpSelector> otp) {
    private List<String> conditions() {
      return Stream.of(
              Optional.of(LISTED),
              name.map(ignored -> "lower(p.name) like :part"),
              namespace.map(ignored -> "lower(p.namespace) = :namespace"),
              version.map(ignored -> "b.ref = :version"),
              otp.map(asked -> asked.isMajor() ? "b.otp_major = :major" : "b.otp_version = :exact"))
          .flatMap(Optional::stream)
          .toList();
    }

    private Map<String, Object> bindings() {
      Map<String, Object> values = new HashMap<>();
      name.ifPresent(part -> values.put("part", "%" + escaped(lower(part)) + "%"));
      namespace.ifPresent(whole -> values.put("namespace", lower(whole)));
      version.ifPresent(ref -> values.put("version", ref));
      otp.ifPresent(asked ->
          values.put(
              asked.isMajor() ? "major" : "exact",
              asked.isMajor() ? (Object) asked.asked().major() : asked.asked().text()));
      return values;
    }
  }

  /** Ended builds that meet {@code criteria}: those of the very name first, then the newest. */
  public Page<BuildSummary> search(Criteria criteria, Page.Request page) {
    // Without a name there is no exact one, and the newest come straight from their index.
    String exact = criteria.name().isPresent() ? "(lower(p.name) = :exact_name)" : "false";
    String order = criteria.name().isPresent() ? exact + " desc, " : "";
    String from = " from build b join package p on p.id = b.package_id ";
    String where = criteria.conditions().stream().collect(joining(" and ", "where ", " "));
    String after =
        page.after().isEmpty()
            ? ""
            : "and (%s, b.finished_at, b.id) < (select %s, b.finished_at, b.id %s where b.id = :after) "
                .formatted(exact, exact, from);
    String rows =
        "select "
            + COLUMNS
            + from
            + where
            + after
            + "order by "
            + order
            + "b.finished_at desc, b.id desc limit :limit";
    Map<String, Object> bindings = criteria.bindings();
    Map<String, Object> paging = new HashMap<>(bindings);
    paging.put("limit", page.limit());
    page.after().ifPresent(id -> paging.put("after", id.uuid()));
    criteria.name().ifPresent(name -> paging.put("exact_name", lower(name)));
    return jdbi.withHandle(handle ->
        new Page<>(
            summaries(handle.createQuery(rows).bindMap(paging)),
            handle
                .createQuery("select count(*)" + from + where)
                .bindMap(bindings)
                .mapTo(Long.class)
                .one()));
  }

  /** The builds that ended last. */
  public List<BuildSummary> last(int limit) {
    String sql =
        "select "
            + COLUMNS
            + " from build b join package p on p.id = b.package_id where "
            + LISTED
            + " order by b.finished_at desc, b.id desc limit :limit";
    return jdbi.withHandle(handle -> summaries(handle.createQuery(sql).bind("limit", limit)));
  }

  /**
   * Of which a package's good builds are asked for: any of {@code wanted}, or all where that is
   * empty.
   */
  public record Available(PackageName name, List<Wanted> wanted) {
    private String where() {
      String any =
          wanted.isEmpty()
              ? ""
              : """
               and exists (
                select 1 from unnest(cast(:refs as text[]), cast(:majors as int[]), cast(:exacts as text[])) as w(ref, major, exact)
                where (w.ref is null or w.ref = b.ref) and (w.major is null or w.major = b.otp_major)
                  and (w.exact is null or w.exact = b.otp_version))
              """;
      return """
       from build b join package p on p.id = b.package_id join version v on v.id = b.version_id
       where lower(p.namespace) = :namespace and lower(p.name) = :name
         and b.state = 'SUCCEEDED' and b.finished_at is not null and b.same_as is null and v.accepted
      """
          + any;
    }

    private Query bind(Query query) {
      query.bind("namespace", lower(name.namespace())).bind("name", lower(name.name()));
      if (!wanted.isEmpty()) {
        query
            .bindArray(
                "refs",
                String.class,
                wanted.stream().map(w -> w.ref().map(Object::toString).orElse(null)).toArray())
            .bindArray(
                "majors",
                Integer.class,
                wanted.stream()
                    .map(w ->
                        w.otp()
                            .filter(OtpSelector::isMajor)
                            .map(o -> o.asked().major())
                            .orElse(null))
                    .toArray())
            .bindArray(
                "exacts",
                String.class,
                wanted.stream()
                    .map(w ->
                        w.otp().filter(o -> !o.isMajor()).map(OtpSelector::toString).orElse(null))
                    .toArray());
      }
      return query;
    }
  }

  /** Good builds that can be downloaded, newest first. */
  public Page<BuildSummary> available(Available asked, Page.Request page) {
    String after =
        page.after().isEmpty()
            ? ""
            : " and (b.finished_at, b.id) < (select finished_at, id from build where id = :after) ";
    String rows =
        "select "
            + COLUMNS
            + asked.where()
            + after
            + " order by b.finished_at desc, b.id desc limit :limit";
    return jdbi.withHandle(handle -> {
      Query query = asked.bind(handle.createQuery(rows)).bind("limit", page.limit());
      page.after().ifPresent(id -> query.bind("after", id.uuid()));
      return new Page<>(
          summaries(query),
          asked
              .bind(handle.createQuery("select count(*) " + asked.where()))
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
            + asked.where()
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

  /** The newest good build that matches, with its main artifact in {@code format}. */
  public Optional<Found> newest(Available asked, String format) {
    String sql =
        "select b.id as found, a.* "
            + asked
                .where()
                .replace(
                    "where lower",
                    "join artifact a on a.build_id = b.id and a.main and a.format = :format where lower")
            + " order by b.finished_at desc, b.id desc limit 1";
    return jdbi.withHandle(handle ->
        asked
            .bind(handle.createQuery(sql))
            .bind("format", format)
            .map((row, context) ->
                new Found(new BuildId(row.getObject("found", UUID.class)), ArtifactRow.read(row)))
            .findOne());
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

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** A text that {@code like} takes at its word. */
  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
  }
}
