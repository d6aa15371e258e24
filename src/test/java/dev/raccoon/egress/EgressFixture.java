package dev.raccoon.egress;

import dev.raccoon.config.Settings;
import dev.raccoon.source.Git;
import dev.raccoon.value.CloneUrl;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A proxy that trusts the certificate of one real origin, and whose name server knows what a test
 * says and that {@code origin.example} is on this machine.
 */
final class EgressFixture implements AutoCloseable {
  static final EgressLimits USUAL =
      new EgressLimits(
          64,
          Duration.ofSeconds(30),
          Duration.ofSeconds(2),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          1L << 30);

  final HttpsOrigin origin;
  final EgressProxy proxy;
  final List<String> lookups = new CopyOnWriteArrayList<>();
  final List<EgressRequest> recorded = new CopyOnWriteArrayList<>();
  final List<Process> mirrors = new CopyOnWriteArrayList<>();
  final Map<String, String> addresses = new ConcurrentHashMap<>();

  private final Map<String, String> next = new ConcurrentHashMap<>();

  EgressFixture(Path folder) throws Exception {
    this(folder, USUAL);
  }

  EgressFixture(Path folder, EgressLimits limits) throws Exception {
    origin = new HttpsOrigin();
    addresses.put("origin.example", "127.0.0.1");
    addresses.put("other.example", "127.0.0.1");
    Git git = new Git(folder.resolve("git"));
    proxy =
        new EgressProxy(
            folder.resolve("egress"),
            new EgressProxy.Network(this::resolve, Optional.of(HttpsOrigin.certificate())),
            limits,
            variables -> {
              Process process = git.httpBackend(variables);
              mirrors.add(process);
              return process;
            },
            Clock.systemUTC());
  }

  private List<InetAddress> resolve(String host) throws UnknownHostException {
    lookups.add(host);
    String address = addresses.get(host);
    if ("unknown".equals(address)) {
      throw new UnknownHostException(host + ": Temporary failure in name resolution");
    }
    if (address == null) {
      throw new UnknownHostException(host + ": Name or service not known");
    }
    Optional.ofNullable(next.remove(host)).ifPresent(later -> addresses.put(host, later));
    return List.of(InetAddress.ofLiteral(address));
  }

  /** From the look-up after the next one on, {@code host} has another address. */
  void afterLookup(String host, String address) {
    next.put(host, address);
  }

  /** A door to the hosts that {@code hosts} lists, as RACCOON_EGRESS_HOSTS does. */
  EgressDoor door(String hosts) throws Exception {
    return door(hosts, "");
  }

  /** The same with mirrors, as RACCOON_GIT_REWRITES lists them. */
  EgressDoor door(String hosts, String rewrites) throws Exception {
    return proxy.open(rules(hosts, rewrites), recorded::add);
  }

  /** A door to the origin, with its port, and to nothing else. */
  EgressDoor door() throws Exception {
    return door("origin.example:" + origin.port() + ",other.example:" + origin.port());
  }

  static EgressRules rules(String hosts, String rewrites) {
    Settings settings =
        Settings.of(Map.of("RACCOON_EGRESS_HOSTS", hosts, "RACCOON_GIT_REWRITES", rewrites));
    return EgressRules.forBuild(
        settings.egress(), settings.sources(), CloneUrl.parse("https://own.example/a/b.git"));
  }

  /** The origin's address, as a client inside asks for it. */
  String url(String path) {
    return "http://origin.example:" + origin.port() + path;
  }

  @Override
  public void close() {
    proxy.close();
    origin.close();
  }
}
