package dev.raccoon.db;

import dev.raccoon.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/**
 * A new, migrated database for one test, copied from a template on the test JVM's one cluster, and
 * dropped when it is closed.
 */
public final class TestDatabase implements AutoCloseable {
  private static final int POOL_SIZE = 8;
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final DatabaseAddress address;
  private final Database database;

  private TestDatabase(DatabaseAddress address) {
    this.address = address;
    this.database = Database.openMigrated(address, POOL_SIZE);
  }

  /** A new database with every migration applied, in some 50 ms. */
  public static TestDatabase fresh() {
    return new TestDatabase(create("TEMPLATE " + Cluster.TEMPLATE));
  }

  /** The address of a new database without any table; its cluster drops it in the end. */
  public static DatabaseAddress empty() {
    return create("TEMPLATE template1");
  }

  /** Where it is, for a second server or a connection of one's own. */
  public DatabaseAddress address() {
    return address;
  }

  /** The same as the setting {@code RACCOON_DATABASE_URL} has it. */
  public String url() {
    return address.jdbcUrl()
        + (address.jdbcUrl().contains("?") ? "&" : "?")
        + "user="
        + URLEncoder.encode(address.user(), StandardCharsets.UTF_8)
        + "&password="
        + URLEncoder.encode(address.password(), StandardCharsets.UTF_8);
  }

  /** The open database; this object closes it. */
  public Database database() {
    return database;
  }

  @Override
  public void close() {
    database.close();
    String url = address.jdbcUrl();
    String name = url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
    Patience.await(() -> dropped(name));
  }

  /** Not while the superuser's own vacuuming is at work there, which only a superuser may end. */
  private static Optional<String> dropped(String name) {
    try {
      Cluster.ADMINISTRATION
          .jdbi()
          .useHandle(handle -> handle.execute("DROP DATABASE " + name + " WITH (FORCE)"));
      return Optional.of(name);
    } catch (UnableToExecuteStatementException e) {
      return Optional.empty();
    }
  }

  private static DatabaseAddress create(String options) {
    String name = "raccoon_test_" + NUMBER.incrementAndGet();
    Cluster.ADMINISTRATION
        .jdbi()
        .useHandle(handle -> handle.execute("CREATE DATABASE " + name + " " + options));
    return Cluster.POSTGRES.address().withDatabase(name);
  }

  /** Started when the first test asks, ended and deleted with the JVM. */
  private static final class Cluster {
    static final String TEMPLATE = "raccoon_template";
    static final EmbeddedPostgres POSTGRES = start();
    static final Database ADMINISTRATION = Database.openMigrated(POSTGRES.address(), 2);

    static {
      ADMINISTRATION.jdbi().useHandle(handle -> handle.execute("CREATE DATABASE " + TEMPLATE));
      Migrations.run(POSTGRES.address().withDatabase(TEMPLATE));
    }

    private static EmbeddedPostgres start() {
      try {
        Path parent = Files.createDirectories(TestPostgres.folder());
        Path directory = Files.createTempDirectory(parent, "cluster-");
        EmbeddedPostgres postgres = TestPostgres.start(directory);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(postgres, directory)));
        return postgres;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void end(EmbeddedPostgres postgres, Path directory) {
      postgres.close();
      try {
        FileTree.delete(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
