package dev.raccoon.egress;

import dev.raccoon.egress.EgressRequest.Outcome;
import dev.raccoon.egress.EgressRules.Way;
import dev.raccoon.value.Sha256;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request from inside and what came of it. Runs as blocking code on a virtual thread of its
 * own; {@link #cut} may come from any.
 */
final class Exchange {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  private final EgressDoor door;
  private final HttpServerRequest request;
  private final Waiting waiting;
  private final Instant at;
  private final long startNanos = System.nanoTime();
  private final AtomicLong bytesOut = new AtomicLong();
  private final AtomicLong bytesIn = new AtomicLong();
  private final AtomicReference<@Nullable Outcome> cut = new AtomicReference<>();
  private final AtomicReference<@Nullable Runnable> outside = new AtomicReference<>();
  private @Nullable Destination destination;
  private @Nullable Sha256 digest;

  /** {@code request}, which is paused and began {@code at}. */
  Exchange(EgressDoor door, HttpServerRequest request, Waiting waiting, Instant at) {
    this.door = door;
    this.request = request;
    this.waiting = waiting;
    this.at = at;
  }

  /** Passes the request on, or answers why not. */
  Outcome run() throws InterruptedException {
    try {
      return new Outcome.Answered(pass());
    } catch (RefusedException e) {
      Outcome refused = new Outcome.Refused(String.valueOf(e.getMessage()));
      return answered(403, refused);
    } catch (OutsideException e) {
      Outcome failed = new Outcome.Failed(String.valueOf(e.getMessage()));
      return answered(e.status, failed);
    } catch (IOException e) {
      return answered(502, new Outcome.Failed(where() + " ended the connection too early."));
    } catch (RuntimeException e) {
      log.error("A request of a build to {} was not passed on", where(), e);
      return answered(502, new Outcome.Failed("An error of Raccoon's own."));
    }
  }

  private int pass() throws RefusedException, OutsideException, IOException, InterruptedException {
    boolean tunnel = request.method().equals(HttpMethod.CONNECT);
    Destination to =
        tunnel ? Destination.parseAuthority(request.uri()) : Destination.parse(request.uri());
    destination = to;
    requireForm(tunnel);
    door.meter().requireRest();
    return switch (door.rules().way(to)) {
      case Way.Mirror(String target) -> Mirror.of(target, door.proxy()).pass(this);
      case Way.Direct way -> pass(to, door.proxy().outside().checked(way), tunnel);
      case Way.Checked way -> pass(to, way, tunnel);
    };
  }

  private int pass(Destination to, Way.Checked way, boolean tunnel)
      throws OutsideException, IOException, InterruptedException {
    return tunnel
        ? new Tunnel(this, door.proxy().outside().tunnel(way, waiting)).pass()
        : new Forward(
                this,
                door.proxy().outside().request(way, waiting, true, request.method(), to.target()))
            .pass();
  }

  private void requireForm(boolean tunnel) throws RefusedException {
    HttpMethod method = request.method();
    if (!tunnel
        && !method.equals(HttpMethod.GET)
        && !method.equals(HttpMethod.HEAD)
        && !method.equals(HttpMethod.POST)) {
      throw new RefusedException("Raccoon lets builds GET, HEAD and POST, nothing else.");
    }
    if (request.headers().getAll("Host").size() > 1) {
      throw new RefusedException("A request has one Host header at most.");
    }
    if (hasBody() && !method.equals(HttpMethod.POST)) {
      throw new RefusedException("Only a POST may have a body.");
    }
  }

  /** A closed connection's outcome is why it was closed; else {@code outcome} is answered. */
  private Outcome answered(int status, Outcome outcome) {
    Outcome why = cut.get();
    if (why != null) {
      return why;
    }
    HttpServerResponse response = request.response();
    if (response.headWritten()) {
      // An end that looked like the whole would be a lie.
      closeAll();
      return outcome;
    }
    Refusals.answer(request, status, sentence(outcome));
    return outcome;
  }

  private static String sentence(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Refused(String why) -> why;
      case Outcome.Failed(String why) -> why;
      case Outcome.Answered(int status) -> "Status " + status + ".";
    };
  }

  /** Ends it at once, if it has not ended; {@code why} is recorded unless something was before. */
  void cut(Outcome why) {
    if (cut.compareAndSet(null, why)) {
      closeAll();
    }
  }

  private void closeAll() {
    waiting.end();
    var _ = request.connection().close();
    Runnable close = outside.get();
    if (close != null) {
      close.run();
    }
  }

  /** Says how the outside is left when this is cut. */
  void onCut(Runnable close) {
    outside.set(close);
    if (cut.get() != null) {
      close.run();
    }
  }

  Waiting waiting() {
    return waiting;
  }

  HttpServerRequest request() {
    return request;
  }

  boolean hasBody() {
    String length = request.getHeader("Content-Length");
    return request.headers().contains("Transfer-Encoding")
        || (length != null && !length.equals("0"));
  }

  /** Counts what goes out; over the limit, all ends. */
  void out(Buffer piece) {
    bytesOut.addAndGet(piece.length());
    count(piece);
  }

  /** Counts what comes in. */
  void in(Buffer piece) {
    bytesIn.addAndGet(piece.length());
    count(piece);
  }

  /** Counts what comes in of a body, and digests it. */
  void in(Buffer piece, MessageDigest whole) {
    in(piece);
    whole.update(piece.getBytes());
  }

  private void count(Buffer piece) {
    try {
      door.meter().count(piece.length());
    } catch (Meter.OverException e) {
      cut(new Outcome.Refused(String.valueOf(e.getMessage())));
      throw e;
    }
  }

  /** The whole of a body has come through. */
  void whole(MessageDigest fed) {
    digest = Sha256.of(fed);
  }

  /** The host that is asked for, or a word for it. */
  String where() {
    return destination == null ? "The host" : destination.authority();
  }

  /** The host that is asked for, once it is known. */
  Optional<String> host() {
    return Optional.ofNullable(destination).map(Destination::authority);
  }

  /** What is recorded of it. */
  EgressRequest ended(Outcome outcome) {
    return new EgressRequest(
        at,
        request.method().name(),
        host().orElse(""),
        Optional.ofNullable(destination).map(Destination::target).orElse(""),
        outcome,
        bytesOut.get(),
        bytesIn.get(),
        Duration.ofNanos(System.nanoTime() - startNanos),
        Optional.ofNullable(digest));
  }
}
