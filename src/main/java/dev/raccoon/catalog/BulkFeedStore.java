package dev.raccoon.catalog;

import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Puts what is wanted in bulk into the queue: a build in each short transaction, which also moves
 * the bulk's cursor, so that each is queued once however often this is interrupted, and by however
 * many servers. Thread-safe.
 */
public final class BulkFeedStore {
  /** At most so many builds of bulks wait at a time: the rest is in nobody's way. */
  static final int MOST_WAITING = 50;

  /** How many refs a step may pass over. */
  private static final int LOOKS = 100;

  /** A build for the Erlang/OTP that is wanted. */
  private static final String FOR_IT =
      "(case when :major then b.otp_major = :release else coalesce(b.otp_version, b.asked_otp) = :otp end)";

  private static final String OF_ALL =
      """
      select distinct p.id as package_id, v.ref, p.namespace, p.name, p.clone_url
      from version v join package p on p.id = v.package_id
      where (v.package_id, v.ref) > (:package, :ref) and (:all or lower(p.namespace) = any (:namespaces))
      order by p.id, v.ref limit :limit
      """;

  /** Of what never came as far as to an Erlang/OTP, what was asked for counts. */
  private static final String OF_FAILED =
      """
      select p.id as package_id, last.ref, p.namespace, p.name, p.clone_url
      from package p, lateral (
        select distinct on (coalesce(b.ref, b.asked_ref)) coalesce(b.ref, b.asked_ref) as ref, b.failure
        from build b
        where b.package_id = p.id and b.finished_at is not null and b.same_as is null and b.state <> 'CANCELLED'
          and coalesce(b.ref, b.asked_ref) is not null and (b.otp_major is null or <for_it>)
        order by coalesce(b.ref, b.asked_ref), b.finished_at desc, b.id desc) last
      where p.id >= :package and (p.id, last.ref) > (:package, :ref) and last.failure = any (:failed)
        and (:all or lower(p.namespace) = any (:namespaces))
      order by p.id, last.ref limit :limit
      """;

  private static final String CANDIDATES =
      """
      select c.*, exists (
          select from version v join build b on b.version_id = v.id
          where v.package_id = c.package_id and v.ref = c.ref and b.state = 'SUCCEEDED' and <for_it>) as built
      from (<source>) c
      order by c.package_id, c.ref
      """;

  private final Jdbi jdbi;
  private final RequestStore requests;

  /** Bulks in the database of {@code jdbi}; their builds are asked for by {@code requests}. */
  public BulkFeedStore(Jdbi jdbi, RequestStore requests) {
    this.jdbi = jdbi;
    this.requests = requests;
  }

  /** What came of a step. */
  public enum Step {
    /** There may be more to do at once. */
    MOVED,
    /** Enough of it waits for now, another server is at it, or nothing is left. */
    RESTS
  }

  /** A ref that may have to be built. */
  private record Candidate(
      long packageId, String ref, PackageName name, CloneUrl url, boolean built) {}

  /** The bulks of which not all is in the queue, oldest first. */
  public Map<Long, OtpSelector> open() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "select id, otp from bulk where fed_at is null and cancelled_at is null order by id limit 100")
            .reduceRows(
                new java.util.LinkedHashMap<Long, OtpSelector>(),
                (bulks, row) -> {
                  bulks.put(
                      row.getColumn("id", Long.class),
                      OtpSelector.parse(row.getColumn("otp", String.class)));
                  return bulks;
                }));
  }

  /** Puts the next build of a bulk into the queue, if there is room. */
  public Step feed(long bulk) {
    return jdbi.inTransaction(handle -> {
      Optional<Open> open = hold(handle, bulk);
      return open.isEmpty() || waiting(handle) >= MOST_WAITING
          ? Step.RESTS
          : feed(handle, open.get());
    });
  }

  private record Open(long id, Bulk.Terms terms, long afterPackage, String afterRef) {}

  private static Optional<Open> hold(Handle handle, long bulk) {
    return handle
        .createQuery(
            """
            select * from bulk where id = :bulk and fed_at is null and cancelled_at is null
            for no key update skip locked
            """)
        .bind("bulk", bulk)
        .map((row, context) ->
            new Open(
                bulk,
                BulkStore.terms(row),
                row.getLong("after_package"),
                row.getString("after_ref")))
        .findOne();
  }

  private static long waiting(Handle handle) {
    return handle
        .createQuery("select count(*) from build where state = 'QUEUED' and priority = :bulk")
        .bind("bulk", Build.Origin.BULK.priority())
        .mapTo(Long.class)
        .one();
  }

  private Step feed(Handle handle, Open bulk) {
    List<Candidate> next =
        candidates(handle, bulk.terms(), bulk.afterPackage(), bulk.afterRef(), LOOKS);
    if (next.isEmpty()) {
      handle.execute("update bulk set fed_at = now() where id = ?", bulk.id());
      return Step.RESTS;
    }
    int skipped = 0;
    Candidate last = next.getFirst();
    for (Candidate candidate : next) {
      last = candidate;
      if (!candidate.built() || bulk.terms().again()) {
        queue(handle, bulk, candidate);
        break;
      }
      skipped++;
    }
    handle.execute(
        "update bulk set after_package = ?, after_ref = ?, skipped = skipped + ? where id = ?",
        last.packageId(),
        last.ref(),
        skipped,
        bulk.id());
    return Step.MOVED;
  }

  private void queue(Handle handle, Open bulk, Candidate candidate) {
    Wanted wanted =
        new Wanted(Optional.of(new Ref(candidate.ref())), Optional.of(bulk.terms().otp()));
    RequestStore.NewRequest request =
        new RequestStore.NewRequest(
            candidate.name(),
            candidate.url(),
            Build.Origin.BULK,
            List.of(new Wanted.OrBuilt(wanted, Optional.empty(), Optional.empty())));
    Recorded recorded =
        bulk.terms().again()
            ? requests.recordAnew(handle, request)
            : requests.record(handle, request);
    if (recorded instanceof Recorded.Accepted accepted) {
      handle.execute(
          "insert into bulk_build (bulk_id, package_id, ref, request_id) values (?, ?, ?, ?)",
          bulk.id(),
          candidate.packageId(),
          candidate.ref(),
          accepted.request());
    }
  }

  /**
   * What would be put into the queue.
   *
   * @param builds how many builds
   * @param skipped how many refs are built well already
   * @param first the first of those builds
   */
  public record Preview(long builds, long skipped, List<Listed> first) {}

  /** A ref of a package. */
  public record Listed(PackageName name, String ref) {}

  /** What would be put into the queue now, with its first {@code most} builds; nothing is. */
  public Preview preview(Bulk.Terms terms, int most) {
    List<Candidate> all =
        jdbi.withHandle(handle -> candidates(handle, terms, 0, "", Integer.MAX_VALUE));
    List<Candidate> wanted =
        all.stream().filter(candidate -> terms.again() || !candidate.built()).toList();
    return new Preview(
        wanted.size(),
        (long) all.size() - wanted.size(),
        wanted.stream()
            .limit(most)
            .map(candidate -> new Listed(candidate.name(), candidate.ref()))
            .toList());
  }

  private static List<Candidate> candidates(
      Handle handle, Bulk.Terms terms, long afterPackage, String afterRef, int limit) {
    String source = terms.failed().isEmpty() ? OF_ALL : OF_FAILED;
    return handle
        .createQuery(CANDIDATES.replace("<source>", source).replace("<for_it>", FOR_IT))
        .bind("package", afterPackage)
        .bind("ref", afterRef)
        .bind("all", terms.namespaces().all())
        .bindArray("namespaces", String.class, terms.namespaces().names().toArray())
        .bindArray("failed", String.class, terms.failed().stream().map(Enum::name).toArray())
        .bind("major", terms.otp().isMajor())
        .bind("release", terms.otp().asked().major())
        .bind("otp", terms.otp().toString())
        .bind("limit", limit)
        .map((row, context) -> candidate(row))
        .list();
  }

  private static Candidate candidate(ResultSet row) throws SQLException {
    return new Candidate(
        row.getLong("package_id"),
        row.getString("ref"),
        new PackageName(row.getString("namespace"), row.getString("name")),
        CloneUrl.parse(row.getString("clone_url")),
        row.getBoolean("built"));
  }
}
