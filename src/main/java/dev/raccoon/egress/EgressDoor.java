package dev.raccoon.egress;

import dev.raccoon.egress.EgressRequest.Outcome;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One build's, or one fetch's, way out: a proxy that listens until it is closed, which ends all
 * that goes through it. Thread-safe.
 */
public final class EgressDoor implements AutoCloseable {
  static final int MAX_HEAD_BYTES = 32 << 10;

  private static final Logger log = LoggerFactory.getLogger(EgressDoor.class);
  private static final int MAX_LINE_BYTES = 8 << 10;
  private static final int MAX_BLOCKED = 100;
  private static final int MAX_RECORDED = 1_000;
  private static final long CLOSE_SECONDS = 10;
  private static final Duration AFTER_OUTSIDE = Duration.ofSeconds(10);

  private final EgressProxy proxy;
  private final Terms terms;
  private final GitPlaces gitPlaces = new GitPlaces();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("egress-", 1).factory());
  private final Set<Exchange> running = ConcurrentHashMap.newKeySet();
  private final ConcurrentHashMap<HttpConnection, InsideClient> clients = new ConcurrentHashMap<>();
  private final ConcurrentSkipListSet<String> blocked = new ConcurrentSkipListSet<>();
  private final AtomicReference<@Nullable Outcome> trouble = new AtomicReference<>();
  private final AtomicBoolean temporary = new AtomicBoolean();
  private final ReentrantLock recording = new ReentrantLock();
  private final HttpServer server;
  private final SocketAddress address;
  private long recorded;

  /**
   * What goes through a door and who is told of it.
   *
   * @param password without which nothing goes through, if there is one
   * @param meter counts the bytes
   * @param copies what is cloned is served from them where they have it
   */
  record Terms(
      EgressRules rules,
      EgressLog log,
      Optional<Password> password,
      Meter meter,
      DoorCopies copies) {}

  /** Listens at {@code address}. */
  EgressDoor(EgressProxy proxy, SocketAddress address, Terms terms)
      throws IOException, InterruptedException {
    this.proxy = proxy;
    this.terms = terms;
    this.address = address;
    this.server =
        proxy
            .vertx()
            .createHttpServer(options(proxy.limits()))
            .connectionHandler(this::connected)
            .invalidRequestHandler(request ->
                refuse(request, 400, "This is no request that Raccoon's proxy can read."))
            .requestHandler(this::take);
    Waiting.on(server.listen(address));
  }

  private static HttpServerOptions options(EgressLimits limits) {
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(false)
        .setMaxInitialLineLength(MAX_LINE_BYTES)
        .setMaxHeaderSize(MAX_HEAD_BYTES)
        .setDecompressionSupported(false)
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        // Longer than outside, so that it is there to be told when a host says nothing more.
        .setIdleTimeout(Math.toIntExact(limits.idle().plus(AFTER_OUTSIDE).toMillis()));
  }

  private void connected(HttpConnection connection) {
    if (connections() >= 2L * proxy.limits().connections()) {
      var _ = connection.close();
      return;
    }
    InsideClient client = new InsideClient(proxy.vertx(), connection, proxy.limits().head());
    clients.put(connection, client);
    connection.closeHandler(closed -> {
      clients.remove(connection);
      client.gone();
    });
  }

  /** Those from inside, and those whose client is gone while its request has not ended yet. */
  private long connections() {
    return clients.size()
        + running.stream()
            .map(exchange -> exchange.request().connection())
            .filter(connection -> !clients.containsKey(connection))
            .distinct()
            .count();
  }

  /** On the event loop, without an exchange: what is refused here may be very much. */
  private void refuse(HttpServerRequest request, int status, String sentence) {
    trouble.compareAndSet(null, new Outcome.Refused(sentence));
    Refusals.answer(request, status, sentence);
  }

  /** On the event loop: a request's head is here. */
  private void take(HttpServerRequest request) {
    InsideClient client = clients.get(request.connection());
    if (client == null) {
      return;
    }
    if (terms.password().isPresent() && !terms.password().get().isIn(request)) {
      // Somebody else's request is no trouble of this door's.
      Refusals.answer(request, 407, "This proxy is not for you.");
      return;
    }
    if (connections() > proxy.limits().connections()) {
      refuse(
          request,
          503,
          "A build has at most " + proxy.limits().connections() + " connections at once.");
      return;
    }
    request.pause();
    Waiting waiting = new Waiting(proxy.vertx().getOrCreateContext());
    Exchange exchange = new Exchange(this, request, waiting, proxy.clock().instant());
    client.began(exchange);
    running.add(exchange);
    try {
      threads.execute(() -> run(exchange));
    } catch (RejectedExecutionException e) {
      running.remove(exchange);
      var _ = request.connection().close();
    }
  }

  private void run(Exchange exchange) {
    Duration limit = proxy.limits().request();
    long timer =
        proxy
            .vertx()
            .setTimer(
                limit.toMillis(),
                late ->
                    exchange.expire(
                        exchange.where()
                            + " took longer than "
                            + Math.ceilDiv(limit.toMillis(), 1000)
                            + " s."));
    try {
      Outcome outcome = exchange.run();
      note(exchange, outcome);
      record(exchange.ended(outcome));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("A request of a build to {} was not recorded", exchange.where(), e);
    } finally {
      running.remove(exchange);
      proxy.vertx().cancelTimer(timer);
    }
  }

  /** One after another, so that a build holds one of the database's connections at most. */
  private void record(EgressRequest request) {
    recording.lock();
    try {
      if (recorded++ < MAX_RECORDED) {
        terms.log().record(request);
      }
    } finally {
      recording.unlock();
    }
  }

  private void recordRest() {
    recording.lock();
    try {
      if (recorded > MAX_RECORDED) {
        terms.log().more(recorded - MAX_RECORDED);
      }
    } finally {
      recording.unlock();
    }
  }

  /** Remembers why a request did not come through; a second time changes nothing. */
  void note(Exchange exchange, Outcome outcome) {
    if (outcome instanceof Outcome.Answered) {
      return;
    }
    if (!exchange.isLeft()) {
      trouble.compareAndSet(null, outcome);
      if (exchange.isTemporary(outcome)) {
        temporary.set(true);
      }
    }
    if (blocked.size() < MAX_BLOCKED) {
      exchange.blockedHost().ifPresent(blocked::add);
    }
  }

  /** The hosts, with ports other than 443, to which connections were refused: 100 at most. */
  public SortedSet<String> blocked() {
    return new TreeSet<>(blocked);
  }

  /** Why the first request did not come through that did not, of those whose client waited. */
  public Optional<Outcome> trouble() {
    return Optional.ofNullable(trouble.get());
  }

  /**
   * Whether a request whose client waited did not come through for a reason that says nothing of
   * the client: a look-up that nobody answered, a host that was away, stopped midway or took too
   * long, or an error of Raccoon's own. What the rules refuse, a name without an address and a
   * certificate that is not trusted are none of these.
   */
  public boolean isTroubleTemporary() {
    return temporary.get();
  }

  /** The Unix socket that is listened on; for a door on loopback, there is none. */
  public Path socket() {
    if (!address.isDomainSocket()) {
      throw new IllegalStateException("this door is on a port");
    }
    return Path.of(address.path());
  }

  /** The port of a door on loopback. */
  int port() {
    return server.actualPort();
  }

  EgressProxy proxy() {
    return proxy;
  }

  EgressRules rules() {
    return terms.rules();
  }

  GitPlaces gitPlaces() {
    return gitPlaces;
  }

  Meter meter() {
    return terms.meter();
  }

  DoorCopies copies() {
    return terms.copies();
  }

  /** Ends every connection, waits until each request is recorded, and removes the socket. */
  @Override
  public void close() {
    threads.shutdown();
    Outcome ended = new Outcome.Failed("The build's way out was closed meanwhile.");
    running.forEach(exchange -> exchange.cut(ended));
    try {
      Waiting.on(server.close());
      running.forEach(exchange -> exchange.cut(ended));
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("Requests of a build were still under way when its door was closed");
      }
      recordRest();
    } catch (IOException e) {
      log.warn("A build's door did not close: {}", e.getMessage());
    } catch (RuntimeException e) {
      // What is not taken down is no fault of the build's.
      log.warn("How many requests of a build there were is not recorded", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      terms.copies().close();
      removeSocket();
      proxy.closed(this);
    }
  }

  private void removeSocket() {
    if (!address.isDomainSocket()) {
      return;
    }
    try {
      Files.deleteIfExists(Path.of(address.path()));
    } catch (IOException e) {
      log.warn("The socket {} of a closed door is left: {}", address.path(), e.getMessage());
    }
  }
}
