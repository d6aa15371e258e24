package dev.raccoon.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every schema so far, one after another, with a node beside it that knows the first one only:
 * migrations expand, so that nodes can be renewed one at a time.
 */
class OlderNodeTest {
  private static final Path SCHEMAS = Path.of("src/main/resources/db/migration");

  @Test
  void whatAnOlderNodeWritesIsTakenByEverySchemaSinceAndOutlivesThemAll() throws Exception {
    DatabaseAddress address = TestDatabase.empty();
    int written = 0;
    for (String version : versions()) {
      Migrations.run(address, Migrations.LOCATION, version);
      write(address, written++);
      assertThat(good(address)).as("after schema " + version).isEqualTo(Integer.toString(written));
    }
    assertThat(written).isGreaterThan(1);
    assertThat(TestPostgres.ask(address, "select sum(ended_builds) from package"))
        .as("what is counted by triggers")
        .isEqualTo(Integer.toString(written));
  }

  /** The numbers of the files, in their order. */
  private static List<String> versions() throws IOException {
    try (Stream<Path> files = Files.list(SCHEMAS)) {
      return files
          .map(file -> file.getFileName().toString().replaceFirst("^V0*([0-9]+)__.*", "$1"))
          .sorted(Comparator.comparingInt(Integer::parseInt))
          .toList();
    }
  }

  private static void write(DatabaseAddress address, int number) throws IOException, SQLException {
    String sql = Files.readString(Path.of("src/test/resources/db/older/node.sql"));
    TestPostgres.execute(address, sql.replace("ID", "%02d".formatted(number)));
  }

  private static String good(DatabaseAddress address) throws SQLException {
    return TestPostgres.ask(
        address,
        """
        select count(*) from build b join artifact a on a.build_id = b.id
        where b.state = 'SUCCEEDED' and b.lease is null
        """);
  }
}
