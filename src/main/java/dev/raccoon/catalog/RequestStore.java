package dev.raccoon.catalog;

import dev.raccoon.queue.QueueStore;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import dev.raccoon.value.TimeOrderedId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records requests and queues their builds, both in one transaction: what was answered is never
 * lost.
 */
public final class RequestStore {
  /** Makes the package known, and holds it: requests for one package are recorded one by one. */
  private static final String PACKAGE =
      """
      insert into package as p (namespace, name, clone_url) values (:namespace, :name, :url)
      on conflict (lower(namespace), lower(name)) do update set clone_url = p.clone_url
      returning id
      """;

  /**
   * A package keeps its clone URL once something was fetched from there, and while that is being
   * tried; until then it may have been a mistake. A statement of its own, after the package is
   * held, so that it sees what others recorded meanwhile.
   */
  private static final String ORIGIN =
      """
      select clone_url, exists (select 1 from version where package_id = p.id)
          or exists (select 1 from build where package_id = p.id and state in ('QUEUED', 'RUNNING')) as kept
      from package p where id = :package
      """;

  /**
   * A build of the same that waits or runs: by what was asked, or by what that came to. One that
   * runs with another commit than the ref is known to name now is not of the same.
   */
  private static final String LIVE =
      """
      select id from build
      where package_id = :package and state in ('QUEUED', 'RUNNING') and cancel_asked_at is null
        and (asked_ref is not distinct from cast(:ref as text) or ref = :ref)
        and (asked_otp is not distinct from cast(:otp as text) or otp_version = :otp)
        and (state = 'QUEUED' or version_id is null or cast(:commit as text) is null
             or exists (select 1 from version v where v.id = version_id and v.commit = :commit))
      order by queued_at, id limit 1
      """;

  /** Where no OTP version was named, a placeholder's splits are part of the answer. */
  private static final String ANSWER =
      """
      insert into request_build (request_id, build_id)
      select cast(:request as uuid), unnest(:builds)
      union
      select cast(:request as uuid), build_id from split where placeholder_id = any (:open)
      """;

  /** Whether retention has removed a build that was found before the package was held. */
  private static final String REMOVED =
      "select exists (select 1 from build where id = :build and removed_at is not null)";

  /** What waits for somebody with less to say comes with the turn of whoever joins them now. */
  private static final String HURRY =
      """
      update build set priority = :priority, turn = next_turn(namespace, cast(:priority as smallint))
      where id = :build and state = 'QUEUED' and priority < :priority
      """;

  private static final String QUEUE =
      """
      insert into build (id, request_id, package_id, namespace, asked_ref, asked_otp, ref, otp_major, priority, turn)
      values (:id, :request, :package, :namespace, :ref, :otp, :ref, :major, :priority,
          next_turn(:namespace, cast(:priority as smallint)))
      """;

  private static final Logger log = LoggerFactory.getLogger(RequestStore.class);

  private final Jdbi jdbi;
  private final Clock clock;

  /** Requests in the database of {@code jdbi}; {@code clock} orders their ids. */
  public RequestStore(Jdbi jdbi, Clock clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /** A request to record: what is wanted of a package, from where, and by whom. */
  public record NewRequest(
      PackageName name, CloneUrl cloneUrl, Build.Origin origin, List<Wanted.OrBuilt> wanted) {}

  /**
   * Records {@code request}; two at once for one package are recorded one after the other. What it
   * accepts is the answer to each entry; more builds answer the request where a placeholder among
   * those has split already.
   */
  public Recorded record(NewRequest request) {
    boolean alwaysNew = request.origin() == Build.Origin.REBUILD;
    Recorded recorded = jdbi.inTransaction(handle -> record(handle, request, alwaysNew));
    wake();
    return recorded;
  }

  /**
   * After the commit: of transactions that notify, PostgreSQL has one wait for the other until it
   * is on disk. It is recorded by then, and whoever is not told finds it at the next look.
   */
  private void wake() {
    try {
      jdbi.useHandle(RequestStore::notifyNodes);
    } catch (RuntimeException e) {
      log.warn("The nodes were not told of a new build: {}", e.toString());
    }
  }

  private static void notifyNodes(Handle handle) {
    handle.execute("notify " + QueueStore.QUEUED);
  }

  /** The same, in the transaction of {@code handle}. */
  Recorded record(Handle handle, NewRequest request) {
    Recorded recorded = record(handle, request, request.origin() == Build.Origin.REBUILD);
    notifyNodes(handle);
    return recorded;
  }

  /** The same, with new builds even of what is built well, waits or runs. */
  Recorded recordAnew(Handle handle, NewRequest request) {
    Recorded recorded = record(handle, request, true);
    notifyNodes(handle);
    return recorded;
  }

  private Recorded record(Handle handle, NewRequest request, boolean alwaysNew) {
    long packageId = hold(handle, request);
    CloneUrl known = cloneUrl(handle, packageId, request.cloneUrl());
    if (!known.sameRepository(request.cloneUrl())) {
      return new Recorded.OtherRepository(known);
    }
    UUID id = TimeOrderedId.next(clock);
    handle
        .createUpdate(
            """
            insert into request (id, package_id, clone_url, origin, always_new)
            values (:id, :package, :url, :origin, :always_new)
            """)
        .bind("id", id)
        .bind("package", packageId)
        .bind("url", request.cloneUrl().toString())
        .bind("origin", request.origin())
        .bind("always_new", alwaysNew)
        .execute();
    List<BuildId> builds = new ArrayList<>();
    for (Wanted.OrBuilt wanted : request.wanted()) {
      Optional<BuildId> there =
          wanted
              .built()
              .filter(built -> !isRemoved(handle, built))
              .or(() -> alwaysNew ? Optional.empty() : live(handle, request, packageId, wanted));
      builds.add(there.orElseGet(() -> queue(handle, request, packageId, id, wanted.wanted())));
    }
    answer(handle, id, request.wanted(), builds);
    return new Recorded.Accepted(id, List.copyOf(builds));
  }

  private static long hold(Handle handle, NewRequest request) {
    return handle
        .createQuery(PACKAGE)
        .bind("namespace", request.name().namespace())
        .bind("name", request.name().name())
        .bind("url", request.cloneUrl().toString())
        .mapTo(Long.class)
        .one();
  }

  private record Origin(CloneUrl url, boolean kept) {}

  private static CloneUrl cloneUrl(Handle handle, long packageId, CloneUrl asked) {
    Origin origin =
        handle
            .createQuery(ORIGIN)
            .bind("package", packageId)
            .map((row, context) ->
                new Origin(CloneUrl.parse(row.getString("clone_url")), row.getBoolean("kept")))
            .one();
    if (origin.kept() || origin.url().equals(asked)) {
      return origin.url();
    }
    handle
        .createUpdate("update package set clone_url = :url where id = :package")
        .bind("url", asked.toString())
        .bind("package", packageId)
        .execute();
    return asked;
  }

  private static boolean isRemoved(Handle handle, BuildId built) {
    return handle.createQuery(REMOVED).bind("build", built.uuid()).mapTo(Boolean.class).one();
  }

  private static Optional<BuildId> live(
      Handle handle, NewRequest request, long packageId, Wanted.OrBuilt entry) {
    Optional<UUID> live =
        handle
            .createQuery(LIVE)
            .bind("package", packageId)
            .bind("ref", entry.wanted().ref().map(Ref::name).orElse(null))
            .bind("otp", entry.wanted().otp().map(OtpSelector::toString).orElse(null))
            .bind("commit", entry.commit().orElse(null))
            .mapTo(UUID.class)
            .findOne();
    live.ifPresent(build ->
        handle
            .createUpdate(HURRY)
            .bind("build", build)
            .bind("priority", request.origin().priority())
            .execute());
    return live.map(BuildId::new);
  }

  private BuildId queue(
      Handle handle, NewRequest request, long packageId, UUID requestId, Wanted wanted) {
    BuildId build = new BuildId(TimeOrderedId.next(clock));
    handle
        .createUpdate(QUEUE)
        .bind("id", build.uuid())
        .bind("request", requestId)
        .bind("package", packageId)
        .bind("namespace", request.name().namespace().toLowerCase(Locale.ROOT))
        .bind("priority", request.origin().priority())
        .bind("ref", wanted.ref().map(Ref::name).orElse(null))
        .bind("otp", wanted.otp().map(OtpSelector::toString).orElse(null))
        .bind("major", wanted.otp().map(selector -> selector.asked().major()).orElse(null))
        .execute();
    return build;
  }

  private static void answer(
      Handle handle, UUID request, List<Wanted.OrBuilt> wanted, List<BuildId> builds) {
    List<UUID> all = new ArrayList<>();
    List<UUID> open = new ArrayList<>();
    for (int i = 0; i < builds.size(); i++) {
      UUID build = builds.get(i).uuid();
      all.add(build);
      if (wanted.get(i).wanted().otp().isEmpty()) {
        open.add(build);
      }
    }
    handle
        .createUpdate(ANSWER)
        .bind("request", request)
        .bindArray("builds", UUID.class, all.toArray())
        .bindArray("open", UUID.class, open.toArray())
        .execute();
  }
}
