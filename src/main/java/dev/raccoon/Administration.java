package dev.raccoon;

import dev.raccoon.admin.AdminRoutes;
import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.cli.Records;
import dev.raccoon.config.ArtifactPlace;
import dev.raccoon.config.DataDirectory;
import dev.raccoon.config.RetentionRules;
import dev.raccoon.config.Settings;
import dev.raccoon.config.SettingsException;
import dev.raccoon.db.Database;
import dev.raccoon.db.DatabaseAddress;
import dev.raccoon.db.EmbeddedPostgres;
import dev.raccoon.db.Schema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The records for the command line, by the same settings as the server's: through the database that
 * the operator named; through the embedded one of the server that runs; or, where none does,
 * through that, started for the moment.
 */
final class Administration implements Records {
  private static final int POOL_SIZE = 2;

  private final Settings settings;

  Administration(Settings settings) {
    this.settings = settings;
  }

  @Override
  public void with(Consumer<AdminRoutes.Records> work) {
    database(address -> {
      try (Database database = Database.openMigrated(address, POOL_SIZE)) {
        work.accept(Stores.administration(database.jdbi()));
      }
    });
  }

  @Override
  public void database(Consumer<DatabaseAddress> work) {
    Optional<String> url = settings.databaseUrl();
    if (url.isPresent()) {
      // When it is brought up to date is for its operator to choose, with the server's next start.
      checked(Server.databaseAddress(url.get()), work);
      return;
    }
    refuseUnused(settings.dataDirectory());
    Optional<DataDirectory> free = DataDirectory.takeIfFree(settings.dataDirectory());
    if (free.isEmpty()) {
      // What a running server migrated is not for us to change under it.
      checked(running(), work);
      return;
    }
    try (DataDirectory data = free.get();
        EmbeddedPostgres postgres = EmbeddedPostgres.start(data.postgres())) {
      Schema.bringUpToDate(postgres.address());
      work.accept(postgres.address());
    }
  }

  private static void checked(DatabaseAddress address, Consumer<DatabaseAddress> work) {
    Schema.check(address);
    work.accept(address);
  }

  @Override
  public void newDatabase(Consumer<DatabaseAddress> work) {
    try (DataDirectory data =
        DataDirectory.takeIfFree(settings.dataDirectory())
            .orElseThrow(() ->
                new SettingsException(
                    "A server uses the data directory "
                        + settings.dataDirectory()
                        + ": stop it first."))) {
      Optional<String> url = settings.databaseUrl();
      if (url.isPresent()) {
        work.accept(Server.databaseAddress(url.get()));
        return;
      }
      try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data.postgres())) {
        work.accept(postgres.address());
      }
    }
  }

  @Override
  public ArtifactStore artifacts() throws IOException {
    return Stores.beside(settings.artifacts().place());
  }

  @Override
  public ArtifactStore artifacts(String place) throws IOException {
    return Stores.beside(ArtifactPlace.parse(place, settings.artifacts().service()));
  }

  @Override
  public RetentionRules retentionRules() {
    return settings.retention();
  }

  @Override
  public Optional<UUID> node() {
    return DataDirectory.nodeId(settings.dataDirectory());
  }

  @Override
  public boolean serverRuns() {
    return DataDirectory.isTaken(settings.dataDirectory());
  }

  /** A wrong directory would get a database of its own, and tokens that no server knows. */
  private static void refuseUnused(Path root) {
    if (EmbeddedPostgres.neverStarted(DataDirectory.postgres(root))) {
      throw new SettingsException(
          "No server has ever used the data directory "
              + root
              + ": set RACCOON_DATA_DIR or RACCOON_DATABASE_URL as for the server, or start it"
              + " first.");
    }
  }

  private DatabaseAddress running() {
    return EmbeddedPostgres.running(DataDirectory.postgres(settings.dataDirectory()))
        .orElseThrow(() ->
            new SettingsException(
                "The server is just starting or stopping, or uses another database: try again in a"
                    + " moment, or set RACCOON_DATABASE_URL as for the server."));
  }
}
