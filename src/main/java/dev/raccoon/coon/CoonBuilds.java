package dev.raccoon.coon;

import dev.raccoon.access.Scope;
import dev.raccoon.build.BuildRequests;
import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.BuildEnds;
import dev.raccoon.catalog.BuildState;
import dev.raccoon.catalog.BuildStore;
import dev.raccoon.catalog.DependencyStore;
import dev.raccoon.catalog.Recorded;
import dev.raccoon.http.Answer;
import dev.raccoon.http.BuildAccess;
import dev.raccoon.http.Envelope;
import dev.raccoon.http.Exchange;
import dev.raccoon.http.RefusedException;
import dev.raccoon.queue.QueueControlStore.Place;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.PackageName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The endpoints that ask for builds, and the one that tells how a build stands. */
final class CoonBuilds {
  private final BuildAccess access;
  private final BuildRequests requests;
  private final BuildStore builds;
  private final DependencyStore dependencies;
  private final QueuePlaces places;
  private final BuildEnds ends;
  private final Duration longestWait;

  /** {@code longestWait} is how long {@code /buildSync} waits for its builds at most. */
  CoonBuilds(
      BuildAccess access,
      BuildRequests requests,
      BuildStore builds,
      DependencyStore dependencies,
      QueuePlaces places,
      BuildEnds ends,
      Duration longestWait) {
    this.access = access;
    this.requests = requests;
    this.builds = builds;
    this.dependencies = dependencies;
    this.places = places;
    this.ends = ends;
    this.longestWait = longestWait;
  }

  /** {@code POST /buildAsync}: answers at once. */
  Answer buildAsync(Exchange exchange) throws InterruptedException {
    access.check(exchange);
    Asked asked = request(exchange);
    return Envelope.good(answer(asked.request(), answering(exchange, asked)));
  }

  /** {@code POST /buildSync}: the same, once all has ended. */
  Answer buildSync(Exchange exchange) throws InterruptedException {
    access.check(exchange);
    Asked asked = request(exchange);
    List<Build> ended =
        shown(asked, ends.await(asked.request(), exchange.caller().readable(), longestWait));
    List<String> failures =
        ended.stream()
            .filter(build -> build.state() != BuildState.SUCCEEDED)
            .map(CoonBuilds::failure)
            .toList();
    return failures.isEmpty()
        ? Envelope.good(answer(asked.request(), ended))
        : Envelope.bad(200, String.join("\n", failures));
  }

  /** {@code POST /rebuild}: always a new build, of the same commit. */
  Answer rebuild(Exchange exchange) throws InterruptedException {
    access.check(exchange);
    CoonBody body = CoonBody.of(exchange);
    Build build = find(exchange, BuildId.parse(body.required("build_id", "build_id is missing.")));
    access.check(exchange, build.name());
    refuseOthersSource(exchange, build.cloneUrl());
    Asked asked = new Asked(build.name(), accepted(requests.rebuild(build)).request());
    return Envelope.good(answer(asked.request(), answering(exchange, asked)));
  }

  /** {@code GET /builds/ID}: all that is known of a build. */
  Answer build(Exchange exchange) {
    Build build = find(exchange, BuildPath.id(exchange.id()));
    return Envelope.good(
        CoonRows.whole(
            build,
            Optional.ofNullable(places.of(List.of(build)).get(build.id())),
            builds.artifacts(build.id(), exchange.caller().readable()),
            dependencies.of(build.id())));
  }

  /** A request that was recorded. */
  private record Asked(PackageName name, UUID request) {}

  private Asked request(Exchange exchange) throws InterruptedException {
    CoonBody body = CoonBody.of(exchange);
    PackageName name = body.fullName();
    access.check(exchange, name);
    CloneUrl url = body.cloneUrl();
    refuseOthersSource(exchange, url);
    return new Asked(name, accepted(requests.request(name, url, body.wanted())).request());
  }

  /** A private package's source must not be published under another name. */
  private void refuseOthersSource(Exchange exchange, CloneUrl url) {
    requests.check(url, namespace -> exchange.caller().may(Scope.BUILD, namespace));
  }

  private List<Build> answering(Exchange exchange, Asked asked) {
    return shown(asked, builds.answering(asked.request(), exchange.caller().readable()));
  }

  /** A request is answered by one build at least, unless its namespace became private meanwhile. */
  private static List<Build> shown(Asked asked, List<Build> answering) {
    if (answering.isEmpty()) {
      throw PackageName.reserved(asked.name().namespace());
    }
    return answering;
  }

  private static Recorded.Accepted accepted(Recorded recorded) {
    return switch (recorded) {
      case Recorded.Accepted accepted -> accepted;
      case Recorded.OtherRepository(CloneUrl known) ->
          throw new RefusedException(
              409,
              "This package is built from " + known + ": its clone_url cannot be another one.");
    };
  }

  private Build find(Exchange exchange, BuildId id) {
    return builds
        .find(id, exchange.caller().readable())
        .orElseThrow(() -> new RefusedException(404, "There is no build " + id + "."));
  }

  private Map<String, Object> answer(UUID request, List<Build> answering) {
    Map<BuildId, Place> waiting = places.of(answering);
    List<Map<String, @Nullable Object>> rows =
        answering.stream()
            .map(build -> CoonRows.requested(build, Optional.ofNullable(waiting.get(build.id()))))
            .toList();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("request_id", request.toString());
    answer.put("builds", rows);
    return answer;
  }

  private static String failure(Build build) {
    String what =
        build.name()
            + build.ref().or(build::askedRef).map(ref -> " " + ref).orElse("")
            + build.otpMajor().map(major -> " on OTP " + major).orElse("");
    return build.state().ended()
        ? what + ": " + build.message() + " Its log: /build_log?build_id=" + build.id()
        : what + " is not built yet: see /builds/" + build.id();
  }
}
