package dev.raccoon.egress;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes doors: proxies for builds and fetches, each on a socket of its own, so that each request is
 * known to be that build's. A proxy's client speaks plain http; outside, it is https to the very
 * addresses that were checked, with the host's certificate verified. {@code CONNECT} makes a tunnel
 * under the same rules. Thread-safe.
 */
public final class EgressProxy implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EgressProxy.class);

  /** Linux's sun_path, with its closing NUL. */
  private static final int MAX_SOCKET_PATH_BYTES = 107;

  private static final int NAME_LENGTH = 8;

  private final Vertx vertx;
  private final Sockets sockets;
  private final Outside outside;
  private final EgressLimits limits;
  private final GitService git;
  private final Clock clock;
  private final Set<EgressDoor> doors = ConcurrentHashMap.newKeySet();

  /** What the outside is found and trusted by. */
  public record Network(Resolver resolver, Optional<Path> certificates) {}

  /**
   * Doors whose sockets lie in {@code folder}, which is made, or in a private folder elsewhere when
   * its path is too long for a socket's.
   *
   * @throws IOException when the folder cannot be made or the certificates cannot be read
   */
  public EgressProxy(Path folder, Network network, EgressLimits limits, GitService git, Clock clock)
      throws IOException {
    this.limits = limits;
    this.git = git;
    this.clock = clock;
    this.sockets = Sockets.in(folder);
    var trust = Trust.of(network.certificates());
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors())
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    this.outside = new Outside(vertx, trust, network.resolver(), limits);
  }

  /** Where sockets lie. */
  private record Sockets(Path folder, boolean elsewhere) {
    static Sockets in(Path folder) throws IOException {
      var owner =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
      int length =
          folder
              .toAbsolutePath()
              .toString()
              .getBytes(java.nio.charset.StandardCharsets.UTF_8)
              .length;
      if (length + 1 + NAME_LENGTH > MAX_SOCKET_PATH_BYTES) {
        return new Sockets(Files.createTempDirectory(Path.of("/tmp"), "raccoon-", owner), true);
      }
      Files.createDirectories(folder.toAbsolutePath().resolveSibling(""));
      Files.createDirectories(folder, owner);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      return new Sockets(folder.toAbsolutePath(), false);
    }

    Path next() {
      return folder.resolve(UUID.randomUUID().toString().substring(0, NAME_LENGTH));
    }
  }

  /**
   * A door by {@code rules} on a Unix socket of its own; {@code log} is told of every request.
   * Whoever opens it closes it.
   */
  public EgressDoor open(EgressRules rules, EgressLog log)
      throws IOException, InterruptedException {
    return open(rules, log, GitCopies.NONE);
  }

  /** The same, which serves what is cloned of code hosts from {@code copies} where it can. */
  public EgressDoor open(EgressRules rules, EgressLog log, GitCopies copies)
      throws IOException, InterruptedException {
    SocketAddress address = SocketAddress.domainSocketAddress(sockets.next().toString());
    Meter meter = new Meter(limits.bytes());
    DoorCopies served =
        new DoorCopies(
            copies,
            wanted ->
                openOnLoopback(
                    EgressRules.forFetch(wanted.url(), wanted.addresses()),
                    new Account(log, meter.half())));
    return opened(address, new EgressDoor.Terms(rules, log, Optional.empty(), meter, served));
  }

  /** An account with all the bytes that one fetch may have; {@code log} is told of each request. */
  public Account account(EgressLog log) {
    return new Account(log, new Meter(limits.bytes()));
  }

  /**
   * A door on a free port of 127.0.0.1, behind a password of its own, which counts to {@code
   * account}.
   */
  public LoopbackDoor openOnLoopback(EgressRules rules, Account account)
      throws IOException, InterruptedException {
    DoorCopies none =
        new DoorCopies(
            GitCopies.NONE,
            wanted -> {
              throw new IllegalStateException("a fetch is served from no copy");
            });
    Password password = Password.random();
    SocketAddress address = SocketAddress.inetSocketAddress(0, "127.0.0.1");
    return new LoopbackDoor(
        opened(
            address,
            new EgressDoor.Terms(
                rules, account.log(), Optional.of(password), account.meter(), none)),
        password);
  }

  private EgressDoor opened(SocketAddress address, EgressDoor.Terms terms)
      throws IOException, InterruptedException {
    EgressDoor door = new EgressDoor(this, address, terms);
    doors.add(door);
    return door;
  }

  void closed(EgressDoor door) {
    doors.remove(door);
  }

  Vertx vertx() {
    return vertx;
  }

  Outside outside() {
    return outside;
  }

  EgressLimits limits() {
    return limits;
  }

  GitService git() {
    return git;
  }

  Clock clock() {
    return clock;
  }

  /** Closes the doors that are open. */
  @Override
  public void close() {
    List.copyOf(doors).forEach(EgressDoor::close);
    try {
      Waiting.on(vertx.close());
      if (sockets.elsewhere()) {
        Files.deleteIfExists(sockets.folder());
      }
    } catch (IOException e) {
      log.warn("The way out did not close: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
