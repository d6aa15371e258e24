package dev.raccoon.coon;

import dev.raccoon.access.Actor;
import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.BuildState;
import dev.raccoon.catalog.BuildStore;
import dev.raccoon.http.Answer;
import dev.raccoon.http.BuildAccess;
import dev.raccoon.http.Envelope;
import dev.raccoon.http.Exchange;
import dev.raccoon.http.RefusedException;
import dev.raccoon.queue.CancelStore;
import dev.raccoon.queue.CancelStore.Withdrawn;
import dev.raccoon.queue.QueueControlStore.Place;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.InvalidValueException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The endpoint that ends builds which nobody wants any more: one of them, for all who asked for it,
 * or those of a request which nobody else waits for.
 */
final class CoonCancel {
  private final BuildAccess access;
  private final BuildStore builds;
  private final CancelStore cancels;
  private final QueuePlaces places;

  CoonCancel(BuildAccess access, BuildStore builds, CancelStore cancels, QueuePlaces places) {
    this.access = access;
    this.builds = builds;
    this.cancels = cancels;
    this.places = places;
  }

  /** {@code POST /cancel}: for whoever may ask for builds of that package. */
  Answer cancel(Exchange exchange) {
    access.check(exchange);
    CoonBody body = CoonBody.of(exchange);
    Optional<String> build = body.optional("build_id");
    Optional<String> request = body.optional("request_id");
    if (build.isPresent() == request.isPresent()) {
      throw new InvalidValueException("Name what to cancel: a build_id or a request_id.");
    }
    return build.isPresent()
        ? build(exchange, BuildId.parse(build.get()))
        : request(exchange, request.orElseThrow());
  }

  private Answer build(Exchange exchange, BuildId id) {
    Build build = find(exchange, id);
    access.check(exchange, build.name());
    CancelStore.Outcome outcome = cancels.cancel(id, actor(exchange));
    Build now = find(exchange, id);
    boolean tooLate = outcome == CancelStore.Outcome.ENDED && now.state() != BuildState.CANCELLED;
    if (tooLate) {
      throw new RefusedException(
          409, "Build " + id + " cannot be cancelled: it has " + now.state() + " already.");
    }
    return answer(
        List.of(now),
        now.state().ended() ? "The build is cancelled." : "The build is being stopped.");
  }

  private Answer request(Exchange exchange, String raw) {
    BuildId id = request(raw);
    List<Build> answering = builds.answering(id.uuid(), exchange.caller().readable());
    if (answering.isEmpty()) {
      throw new RefusedException(404, "There is no request " + id + ".");
    }
    access.check(exchange, answering.getFirst().name());
    Withdrawn withdrawn = cancels.cancelRequest(id.uuid(), actor(exchange)).orElseThrow();
    return answer(builds.answering(id.uuid(), exchange.caller().readable()), withdrawn.sentence());
  }

  /** A request's id has the form of a build's. */
  private static BuildId request(String raw) {
    try {
      return BuildId.parse(raw);
    } catch (InvalidValueException e) {
      throw new InvalidValueException(
          "request_id must be a request's id, such as 0198c0de-7e57-7000-8000-000000000001.");
    }
  }

  private Build find(Exchange exchange, BuildId id) {
    return builds
        .find(id, exchange.caller().readable())
        .orElseThrow(() -> new RefusedException(404, "There is no build " + id + "."));
  }

  private static Actor actor(Exchange exchange) {
    return Actor.caller(exchange.caller(), exchange.address());
  }

  private Answer answer(List<Build> builds, String message) {
    Map<BuildId, Place> waiting = places.of(builds);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("message", message);
    answer.put(
        "builds",
        builds.stream()
            .map(build -> CoonRows.requested(build, Optional.ofNullable(waiting.get(build.id()))))
            .toList());
    return Envelope.good(answer);
  }
}
