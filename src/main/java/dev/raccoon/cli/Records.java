package dev.raccoon.cli;

import dev.raccoon.admin.AdminRoutes;
import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.config.RetentionRules;
import dev.raccoon.db.DatabaseAddress;
import java.io.IOException;
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

  /**
   * Does {@code work} with the address of the database, which is of this program's version.
   *
   * @throws dev.raccoon.config.SettingsException when the settings do not lead to a database
   * @throws dev.raccoon.db.DatabaseException when it does not answer
   */
  void database(Consumer<DatabaseAddress> work);

  /**
   * The same, of whatever version it is, and new where there is none; no server of this data
   * directory runs meanwhile.
   */
  void newDatabase(Consumer<DatabaseAddress> work);

  /**
   * Where the server keeps packages and logs; the caller closes it.
   *
   * @throws IOException when it cannot be used
   */
  ArtifactStore artifacts() throws IOException;

  /**
   * The store in {@code place}, as the setting has it; the caller closes it.
   *
   * @throws dev.raccoon.config.SettingsException when there is no such place
   */
  ArtifactStore artifacts(String place) throws IOException;

  /** What the server keeps of old builds. */
  RetentionRules retentionRules();

  /** The id of the data directory's server; empty when none has ever used it. */
  Optional<UUID> node();

  /** Whether the data directory's server runs at the moment. */
  boolean serverRuns();
}
