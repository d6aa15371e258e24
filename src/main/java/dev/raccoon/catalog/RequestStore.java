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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Records requests and queues their builds, both in one transaction: what was answered is never
 * lost.
 */
public final class RequestStore {
  /**
   * A package keeps its clone URL once something was fetched from there; until then it may have
   * been a mistake.
   */
  private static final String PACKAGE =
      """
      insert into package as p (namespace, name, clone_url) values (:namespace, :name, :url)
      on conflict (lower(namespace), lower(name)) do update set clone_url =
        case when exists (select 1 from version v where v.package_id = p.id) then p.clone_url
        else excluded.clone_url end
      returning id, clone_url
      """;

  /** A build of the same that waits or runs: by what was asked, or by what that came to. */
  private static final String LIVE =
      """
      select id from build
      where package_id = :package and state in ('QUEUED', 'RUNNING')
        and (asked_ref is not distinct from cast(:ref as text) or ref = :ref)
        and (asked_otp is not distinct from cast(:otp as text) or otp_version = :otp)
      order by queued_at, id limit 1
      """;

  private static final String QUEUE =
      """
      insert into build (id, request_id, package_id, asked_ref, asked_otp, ref, otp_major)
      values (:id, :request, :package, :ref, :otp, :ref, :major)
      """;

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

  /** Records {@code request}; two at once for one package are recorded one after the other. */
  public Recorded record(NewRequest request) {
    return jdbi.inTransaction(handle -> record(handle, request));
  }

  private Recorded record(Handle handle, NewRequest request) {
    PackageRow row = packageRow(handle, request);
    if (!row.cloneUrl().sameRepository(request.cloneUrl())) {
      return new Recorded.OtherRepository(row.cloneUrl());
    }
    UUID id = TimeOrderedId.next(clock);
    handle
        .createUpdate(
            "insert into request (id, package_id, clone_url, origin) values (:id, :package, :url, :origin)")
        .bind("id", id)
        .bind("package", row.id())
        .bind("url", request.cloneUrl().toString())
        .bind("origin", request.origin())
        .execute();
    List<BuildId> builds = new ArrayList<>();
    for (Wanted.OrBuilt wanted : request.wanted()) {
      builds.add(
          wanted.built().orElseGet(() -> queue(handle, request, row.id(), id, wanted.wanted())));
    }
    answerWith(handle, id, new LinkedHashSet<>(builds));
    handle.createUpdate("notify " + QueueStore.QUEUED).execute();
    return new Recorded.Accepted(id, List.copyOf(builds));
  }

  private record PackageRow(long id, CloneUrl cloneUrl) {}

  private static PackageRow packageRow(Handle handle, NewRequest request) {
    return handle
        .createQuery(PACKAGE)
        .bind("namespace", request.name().namespace())
        .bind("name", request.name().name())
        .bind("url", request.cloneUrl().toString())
        .map((row, context) ->
            new PackageRow(row.getLong("id"), CloneUrl.parse(row.getString("clone_url"))))
        .one();
  }

  private BuildId queue(
      Handle handle, NewRequest request, long packageId, UUID requestId, Wanted wanted) {
    String ref = wanted.ref().map(Ref::name).orElse(null);
    String otp = wanted.otp().map(OtpSelector::toString).orElse(null);
    if (request.origin() != Build.Origin.REBUILD) {
      Optional<UUID> live =
          handle
              .createQuery(LIVE)
              .bind("package", packageId)
              .bind("ref", ref)
              .bind("otp", otp)
              .mapTo(UUID.class)
              .findOne();
      if (live.isPresent()) {
        return new BuildId(live.get());
      }
    }
    BuildId build = new BuildId(TimeOrderedId.next(clock));
    handle
        .createUpdate(QUEUE)
        .bind("id", build.uuid())
        .bind("request", requestId)
        .bind("package", packageId)
        .bind("ref", ref)
        .bind("otp", otp)
        .bind("major", wanted.otp().map(selector -> selector.asked().major()).orElse(null))
        .execute();
    return build;
  }

  private static void answerWith(Handle handle, UUID request, Set<BuildId> builds) {
    var batch =
        handle.prepareBatch(
            "insert into request_build (request_id, build_id) values (:request, :build)");
    for (BuildId build : builds) {
      batch.bind("request", request).bind("build", build.uuid()).add();
    }
    batch.execute();
  }
}
