package dev.raccoon.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MigrationsTest {
  @Test
  void eachIsAppliedOnce() throws Exception {
    DatabaseAddress address = TestDatabase.empty();

    Migrations.run(address, "classpath:db/good");
    Migrations.run(address, "classpath:db/good");

    assertThat(TestPostgres.ask(address, "SELECT count(*) FROM raccoon_of_the_day")).isEqualTo("1");
  }

  @Test
  void aFailingOneEndsWithASentenceAndLeavesNothingBehind() throws Exception {
    DatabaseAddress address = TestDatabase.empty();

    assertThatThrownBy(() -> Migrations.run(address, "classpath:db/failing"))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("cannot be migrated")
        .hasMessageContaining("no_such_table");

    assertThat(TestPostgres.ask(address, "SELECT to_regclass('half_done') IS NULL")).isEqualTo("t");
  }

  @Test
  void aCheckRefusesAnOlderAndANewerDatabaseAndChangesNeither() throws Exception {
    DatabaseAddress address = TestDatabase.empty();
    assertThatThrownBy(() -> Migrations.check(address, "classpath:db/good"))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("is older than this program");
    assertThat(TestPostgres.ask(address, "SELECT to_regclass('raccoon_of_the_day') IS NULL"))
        .isEqualTo("t");

    Migrations.run(address, "classpath:db/good");
    Migrations.check(address, "classpath:db/good");

    TestPostgres.ask(
        address,
        """
        INSERT INTO flyway_schema_history
          (installed_rank, version, description, type, script, installed_by, execution_time, success)
        VALUES (99, '999', 'later', 'SQL', 'V999__later.sql', 'x', 1, true) RETURNING version
        """);
    assertThatThrownBy(() -> Migrations.check(address, "classpath:db/good"))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("is newer than this program");
  }

  @Test
  void noneAtAllIsFine() {
    Migrations.run(TestDatabase.empty(), "classpath:db/nothing-here");
  }
}
