package dev.raccoon.db;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Java itself sends only SIGTERM, for which PostgreSQL waits until its last client leaves. */
final class PostgresSignal {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresSignal.class);

  private PostgresSignal() {}

  /**
   * Sends INT (end in order) or QUIT (end at once); a process that is gone already is no trouble.
   */
  static void send(PostgresPrograms programs, String signal, long pid) {
    try {
      ShortCommand.run(
          List.of(programs.program("pg_ctl"), "kill", signal, Long.toString(pid)),
          programs.home(),
          "");
    } catch (DatabaseException e) {
      LOG.debug("SIG{} did not reach process {}", signal, pid, e);
    }
  }
}
