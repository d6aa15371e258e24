package dev.raccoon.db;

import java.nio.file.Path;

/** A process of its own that starts a database, tells its number, and waits to be killed. */
final class ServerThatIsKilled {
  private ServerThatIsKilled() {}

  public static void main(String[] arguments) throws Exception {
    EmbeddedPostgres postgres = TestPostgres.start(Path.of(arguments[0]));
    TestPostgres.execute(
        postgres.address(), "CREATE TABLE committed AS SELECT 'still here' AS word");
    System.out.println(postgres.pid());
    Thread.currentThread().join();
  }
}
