package dev.raccoon.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.testing.Patience;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that is killed while it brings the schema up to date. */
@Timeout(120)
class MigrationDeathTest {
  private static final String WAITS =
      "select count(*) from pg_locks where not granted and relation = 'build'::regclass";

  /** A process of its own that migrates the database of its arguments. */
  static final class Migrates {
    private Migrates() {}

    public static void main(String[] arguments) {
      Migrations.run(new DatabaseAddress(arguments[0], arguments[1], arguments[2]));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 002", "7, 007"})
  void itLeavesTheLastWholeSchemaAndTheNextStartGoesOn(String from, String reached)
      throws Exception {
    DatabaseAddress address = TestDatabase.empty();
    Migrations.runTo(address, from);
    try (Connection reader = TestPostgres.connect(address)) {
      // Whatever alters the table waits for this one's end.
      reader.setAutoCommit(false);
      reader.createStatement().execute("lock table build in access share mode");
      Process server = migrate(address);
      Patience.await(() -> ask(address, WAITS).filter(waiting -> !waiting.equals("0")));

      server.destroyForcibly().waitFor();

      assertThat(Migrations.version(address)).contains(reached);
      reader.rollback();
    }
    Patience.await(() -> ask(address, WAITS).filter("0"::equals));
    Migrations.run(address);
    Migrations.check(address);
    assertThat(ask(address, "select count(*) from flyway_schema_history where not success"))
        .contains("0");
  }

  private static Process migrate(DatabaseAddress address) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Migrates.class.getName(),
                address.jdbcUrl(),
                address.user(),
                address.password()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static Optional<String> ask(DatabaseAddress address, String sql) {
    try {
      return Optional.of(TestPostgres.ask(address, sql));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
