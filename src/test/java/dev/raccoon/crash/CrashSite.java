package dev.raccoon.crash;

import dev.raccoon.db.DatabaseAddress;
import dev.raccoon.db.EmbeddedPostgres;
import dev.raccoon.testing.FixtureRepositories;
import dev.raccoon.testing.Program;
import dev.raccoon.testing.S3Server;
import dev.raccoon.testing.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Two nodes with disks of few bytes, on one PostgreSQL and one object store, both of which they
 * reach through a proxy.
 */
final class CrashSite implements AutoCloseable {
  private static final int NODES = 2;
  private static final int NODE_MEBIBYTES = 512;

  private final Path folder;
  private final TcpProxy toDatabase = new TcpProxy();
  private final TcpProxy toStore = new TcpProxy();
  private final StoreProcess store;
  private final List<SmallDisk> disks = new ArrayList<>();
  private final List<ServerProcess> nodes = new ArrayList<>();
  private EmbeddedPostgres database;

  /** Starts all of it in {@code folder}. */
  CrashSite(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    new FixtureRepositories(Files.createDirectory(folder.resolve("repositories"))).make("demo");
    this.database = EmbeddedPostgres.start(folder.resolve("postgres"));
    toDatabase.leadTo(databasePort());
    this.store = new StoreProcess(folder.resolve("store"));
    toStore.leadTo(store.port());
    for (int i = 0; i < NODES; i++) {
      disks.add(new SmallDisk(folder.resolve("node" + i), NODE_MEBIBYTES));
      nodes.add(node(i));
    }
  }

  private ServerProcess node(int i) throws IOException, InterruptedException {
    Path its = disks.get(i).seen("").normalize();
    return ServerProcess.start(disks.get(i).inside(), its, settings(i), "serve");
  }

  private Map<String, String> settings(int i) {
    DatabaseAddress address = database.address();
    String name = URI.create(address.jdbcUrl().substring("jdbc:".length())).getPath();
    Map<String, String> settings = new HashMap<>(S3Server.CREDENTIALS);
    settings.put("RACCOON_DATA_DIR", folder.resolve("node" + i).resolve("data").toString());
    settings.put("RACCOON_ARTIFACTS", "s3://" + S3Server.BUCKET + "/crash");
    settings.put("RACCOON_S3_ENDPOINT", "http://127.0.0.1:" + toStore.port());
    settings.put(
        "RACCOON_DATABASE_URL",
        "postgresql://%s:%s@127.0.0.1:%d%s"
            .formatted(address.user(), address.password(), toDatabase.port(), name));
    settings.put(
        "RACCOON_GIT_REWRITES", "https://git.example.org/=" + folder.resolve("repositories") + "/");
    settings.put("RACCOON_RATE_BUILDS", "off");
    settings.put("RACCOON_BUILD_SLOTS", "2");
    settings.put("RACCOON_MIN_FREE_DISK", "64MiB");
    settings.put("RACCOON_SHUTDOWN_GRACE", "1s");
    settings.put("RACCOON_LEASE", Fault.LEASE.toSeconds() + "s");
    return settings;
  }

  private int databasePort() {
    return URI.create(database.address().jdbcUrl().substring("jdbc:".length())).getPort();
  }

  /** Past the proxy, for who looks from outside. */
  DatabaseAddress database() {
    return database.address();
  }

  int size() {
    return NODES;
  }

  ServerProcess nodeNumber(int i) {
    return nodes.get(i);
  }

  SmallDisk diskOf(int node) {
    return disks.get(node);
  }

  StoreProcess store() {
    return store;
  }

  TcpProxy toDatabase() {
    return toDatabase;
  }

  TcpProxy toStore() {
    return toStore;
  }

  void killNode(int i) throws InterruptedException {
    nodes.get(i).kill();
  }

  void startNode(int i) throws IOException, InterruptedException {
    nodes.set(i, node(i));
  }

  /** {@code kill -9} of its first process: the others follow. */
  void killDatabase() throws IOException {
    Path file = folder.resolve("postgres/cluster/data/postmaster.pid");
    long postmaster = Long.parseLong(Files.readAllLines(file).getFirst().strip());
    ProcessHandle.of(postmaster).orElseThrow().destroyForcibly();
    database.lost().toCompletableFuture().join();
    database.close();
  }

  void startDatabase() {
    database = EmbeddedPostgres.start(folder.resolve("postgres"));
    toDatabase.leadTo(databasePort());
  }

  void startStore() throws IOException {
    store.startAgain();
    toStore.leadTo(store.port());
  }

  /** What the nodes keep of builds that run; empty when none does. */
  List<Path> workFolders() throws IOException {
    List<Path> left = new ArrayList<>();
    for (SmallDisk disk : disks) {
      Path builds = disk.seen("data").resolve("work").resolve("builds");
      if (Files.isDirectory(builds)) {
        try (var entries = Files.list(builds)) {
          entries.forEach(left::add);
        }
      }
    }
    return left;
  }

  /** Processes of builds, and of nodes that should be gone, by their command lines. */
  List<String> processes() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains(folder + "/node"))
        .filter(line -> !line.contains("mount -t tmpfs"))
        .toList();
  }

  /** The command line, as on the first node's machine. */
  Program.Ended raccoon(String... arguments) throws IOException, InterruptedException {
    return Program.raccoon(disks.getFirst().inside(), settings(0), arguments);
  }

  void stopNodes() throws InterruptedException {
    for (ServerProcess node : nodes) {
      node.terminate();
    }
  }

  @Override
  public void close() throws IOException {
    nodes.forEach(ServerProcess::close);
    store.close();
    database.close();
    toDatabase.close();
    toStore.close();
    disks.forEach(SmallDisk::close);
  }
}
