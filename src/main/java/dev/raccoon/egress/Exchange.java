package dev.raccoon.egress;

import dev.raccoon.egress.EgressRequest.Outcome;
import dev.raccoon.egress.EgressRules.Way;
import dev.raccoon.value.Sha256;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystem;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
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

  /** As git's http.postBuffer. */
  private static final int SHORT_BYTES = 1 << 20;

  private final EgressDoor door;
  private final HttpServerRequest request;
  private final Waiting waiting;
  private final Instant at;
  private final long startNanos = System.nanoTime();
  private final AtomicLong bytesOut = new AtomicLong();
  private final AtomicLong bytesIn = new AtomicLong();
  private final AtomicReference<@Nullable Outcome> decided = new AtomicReference<>();
  private final AtomicReference<@Nullable Runnable> outside = new AtomicReference<>();
  private @Nullable Destination destination;
  private volatile @Nullable Sha256 digest;
  private volatile boolean tunnelled;
  private volatile boolean over;
  private volatile boolean expired;
  private volatile boolean left;
  private volatile boolean temporary;
  private boolean blocked;

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
      int status = pass();
      decided.compareAndSet(null, new Outcome.Answered(status));
      return Objects.requireNonNull(decided.get());
    } catch (RefusedException e) {
      blocked = e instanceof BlockedException;
      Outcome refused = new Outcome.Refused(String.valueOf(e.getMessage()));
      return answered(403, refused);
    } catch (OutsideException e) {
      temporary |= e.temporary;
      Outcome failed = new Outcome.Failed(String.valueOf(e.getMessage()));
      return answered(e.status, failed);
    } catch (IOException e) {
      temporary = true;
      return answered(502, new Outcome.Failed(where() + " ended the connection too early."));
    } catch (Meter.OverException e) {
      return answered(403, new Outcome.Refused(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      temporary = true;
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
      case Way.Mirror(String target) ->
          Mirror.of(target, request.method().name(), to, door).pass(this);
      case Way.Hex(HexMirror mirror) ->
          mirror.resource(request.method().name(), to.target(), door.proxy().outside()).pass(this);
      case Way.Direct way -> passOrServe(to, door.proxy().outside().checked(way), tunnel);
      case Way.Checked way -> pass(to, way, tunnel);
    };
  }

  /** What is cloned comes from a copy of ours where there is one, and all else from the host. */
  private int passOrServe(Destination to, Way.Checked way, boolean tunnel)
      throws OutsideException, IOException, InterruptedException {
    Optional<GitRequest> clone =
        tunnel || !hasShortBody()
            ? Optional.empty()
            : GitRequest.of(request.method().name(), to.target());
    if (clone.isEmpty()) {
      return pass(to, way, tunnel);
    }
    Optional<Path> copy = Interruptible.run(this, () -> door.copies().repository(clone.get(), way));
    return copy.isEmpty() ? pass(to, way, false) : serve(clone.get(), copy.get(), way, to);
  }

  /** From {@code copy}, or from the host where that turns out not to be able to. */
  private int serve(GitRequest clone, Path copy, Way.Checked way, Destination to)
      throws OutsideException, IOException, InterruptedException {
    Buffer body = new BodyStream(request).all(this);
    GitRequest ours = new GitRequest(copy.toString(), clone.refs());
    LocalRepository repository = new LocalRepository(ours, door.proxy().git(), door.gitPlaces());
    return switch (repository.serve(this, body)) {
      case LocalRepository.Served.Answered(int status, boolean whole) -> {
        if (!whole) {
          door.copies().failed(clone, way);
        }
        yield status;
      }
      case LocalRepository.Served.NotThere() -> passToHost(way, to, body);
      case LocalRepository.Served.Failed() -> {
        door.copies().failed(clone, way);
        yield passToHost(way, to, body);
      }
    };
  }

  private int passToHost(Way.Checked way, Destination to, Buffer body)
      throws OutsideException, IOException, InterruptedException {
    return Forward.toHost(this, outside(way, to), Optional.of(body)).pass();
  }

  private HttpClientRequest outside(Way.Checked way, Destination to)
      throws OutsideException, InterruptedException {
    return door.proxy().outside().request(way, waiting, true, request.method(), to.target());
  }

  private int pass(Destination to, Way.Checked way, boolean tunnel)
      throws OutsideException, IOException, InterruptedException {
    return tunnel
        ? new Tunnel(this, door.proxy().outside().tunnel(way, waiting)).pass()
        : Forward.toHost(this, outside(way, to), Optional.empty()).pass();
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
    HttpServerResponse response = request.response();
    if (!decided.compareAndSet(null, outcome)) {
      Outcome why = Objects.requireNonNull(decided.get());
      if (expired && !response.headWritten()) {
        door.note(this, why);
        Refusals.answer(request, 504, sentence(why));
      }
      return why;
    }
    // Before the client hears of it: whoever waits for the client asks the door then.
    door.note(this, outcome);
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

  /** Ends it at once; {@code why} is recorded unless it has come through already. */
  void cut(Outcome why) {
    decided.compareAndSet(null, why);
    over = true;
    closeAll();
  }

  /** The client has closed its connection, which is how a tunnel ends. */
  void gone() {
    left = true;
    cut(
        tunnelled
            ? new Outcome.Answered(200)
            : new Outcome.Failed("The client closed the connection."));
  }

  /** Whether it was ended from elsewhere, and nothing more is to be begun for it. */
  boolean isOver() {
    return over;
  }

  /** Whether the client did not wait for its end. */
  boolean isLeft() {
    return left;
  }

  /** Whether it failed for what may be over the next time. */
  boolean isTemporary(Outcome outcome) {
    return temporary && outcome instanceof Outcome.Failed;
  }

  /** The host that it may not be connected to, if that is what was wrong. */
  Optional<String> blockedHost() {
    return blocked ? host() : Optional.empty();
  }

  /** Its time is over: the client is told, unless an answer has begun. */
  void expire(String sentence) {
    decided.compareAndSet(null, new Outcome.Failed(sentence));
    over = true;
    expired = true;
    temporary = true;
    if (request.response().headWritten()) {
      closeAll();
    } else {
      leave();
    }
  }

  private void closeAll() {
    var _ = request.connection().close();
    leave();
  }

  private void leave() {
    waiting.end();
    Runnable close = outside.get();
    if (close != null) {
      close.run();
    }
  }

  /** Says how the outside is left when this is cut. */
  void onCut(Runnable close) {
    outside.set(close);
    if (over) {
      close.run();
    }
  }

  Waiting waiting() {
    return waiting;
  }

  FileSystem fileSystem() {
    return door.proxy().vertx().fileSystem();
  }

  HttpServerRequest request() {
    return request;
  }

  boolean hasBody() {
    String length = request.getHeader("Content-Length");
    return request.headers().contains("Transfer-Encoding")
        || (length != null && !length.equals("0"));
  }

  /** What git sends to clone, but for the very longest: it can be sent again. */
  private boolean hasShortBody() {
    String length = request.getHeader("Content-Length");
    return !request.headers().contains("Transfer-Encoding")
        && (length == null || (length.length() < 9 && Integer.parseInt(length) <= SHORT_BYTES));
  }

  /** Counts what goes out; over the limit, all ends. */
  void out(Buffer piece) {
    bytesOut.addAndGet(piece.length());
    count(piece.length());
  }

  /** Counts what comes in. */
  void in(Buffer piece) {
    in(piece.length());
  }

  /** Counts that many bytes that come in. */
  void in(long bytes) {
    bytesIn.addAndGet(bytes);
    count(bytes);
  }

  private void count(long bytes) {
    try {
      door.meter().count(bytes);
    } catch (Meter.OverException e) {
      cut(new Outcome.Refused(String.valueOf(e.getMessage())));
      throw e;
    }
  }

  /**
   * All of the answer has come through, or is about to; {@code fed} with its body if it has one.
   */
  void answered(int status, Optional<MessageDigest> fed) {
    if (decided.get() == null) {
      digest = fed.map(Sha256::of).orElse(null);
      decided.compareAndSet(null, new Outcome.Answered(status));
    }
  }

  /** The same for a file with {@code known} for its digest. */
  void answered(Sha256 known) {
    if (decided.get() == null) {
      digest = known;
      decided.compareAndSet(null, new Outcome.Answered(200));
    }
  }

  /** There is a tunnel now. */
  void tunnelled() {
    tunnelled = true;
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
