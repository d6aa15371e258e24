package dev.raccoon.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

class DatabaseTest {
  @Test
  void everyTestHasADatabaseOfItsOwn() {
    try (TestDatabase one = TestDatabase.fresh();
        TestDatabase two = TestDatabase.fresh()) {
      one.database().jdbi().useHandle(handle -> handle.execute("CREATE TABLE mine (id int)"));

      assertThat(tables(two.database().jdbi())).doesNotContain("mine");
      assertThat(tables(one.database().jdbi())).contains("mine");
    }
  }

  @Test
  void instantsAndUuidsComeBackAsTheyWere() {
    Instant moment = Instant.parse("2024-10-27T00:30:00.123456Z");
    UUID id = UUID.randomUUID();
    try (TestDatabase test = TestDatabase.fresh()) {
      Jdbi jdbi = test.database().jdbi();
      record Row(Instant moment, UUID id) {}

      Row row =
          jdbi.withHandle(handle ->
              handle
                  .createQuery("SELECT :moment::timestamptz AS moment, :id::uuid AS id")
                  .bind("moment", moment)
                  .bind("id", id)
                  .map(view ->
                      new Row(
                          view.getColumn("moment", Instant.class),
                          view.getColumn("id", UUID.class)))
                  .one());

      assertThat(row).isEqualTo(new Row(moment, id));
    }
  }

  @Test
  void moreThreadsThanConnectionsWaitTheirTurn() throws Exception {
    try (TestDatabase test = TestDatabase.fresh();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Jdbi jdbi = test.database().jdbi();
      Callable<Integer> question =
          () ->
              jdbi.withHandle(handle -> handle.createQuery("SELECT 1").mapTo(Integer.class).one());

      List<Future<Integer>> answers =
          threads.invokeAll(Stream.generate(() -> question).limit(200).toList());

      assertThat(answers).allMatch(answer -> answer.resultNow() == 1);
    }
  }

  @Test
  void itAnswersUntilItsServerHasItNoMore() {
    TestDatabase test = TestDatabase.fresh();
    try (Database second = Database.open(test.address(), 2)) {
      assertThat(second.answers()).isTrue();

      test.close();

      assertThat(second.answers()).isFalse();
    }
  }

  @Test
  void aDatabaseThatIsNotThereIsToldInASentence() {
    DatabaseAddress nowhere =
        new DatabaseAddress(
            "jdbc:postgresql://127.0.0.1:" + TestPostgres.freePort() + "/raccoon", "r", "hush");

    assertThatThrownBy(() -> Database.open(nowhere, 2))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("The database at jdbc:postgresql://127.0.0.1:")
        .hasMessageNotContaining("hush");
  }

  private static List<String> tables(Jdbi jdbi) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            .mapTo(String.class)
            .list());
  }
}
