package dev.raccoon.cli;

import dev.raccoon.admin.AdminRoutes;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** The way to the records, whether the server runs or not. */
public interface Records {
  /**
   * Does {@code work} with the database open.
   *
   * @throws dev.raccoon.config.SettingsException when the settings do not lead to a database
   * @throws dev.raccoon.db.DatabaseException when it does not answer
   */
  void with(Consumer<AdminRoutes.Records> work);

  /** The id of the data directory's server; empty when none has ever used it. */
  Optional<UUID> node();

  /** Whether the data directory's server runs at the moment. */
  boolean serverRuns();
}
