package dev.raccoon.db;

import java.util.Optional;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.postgresql.ds.PGSimpleDataSource;

/** The schema's history: {@code db/migration/V001__what.sql} and so on, each applied once. */
final class Migrations {
  static final String LOCATION = "classpath:db/migration";
  private static final int CONNECT_LIMIT_SECONDS = 5;

  private Migrations() {}

  /** Brings the database to the newest version; several servers may do so at once. */
  static void run(DatabaseAddress address) {
    run(address, LOCATION);
  }

  static void run(DatabaseAddress address, String location) {
    run(address, location, "latest");
  }

  /** Only as far as {@code target}: what a program of that version had. */
  static void run(DatabaseAddress address, String location, String target) {
    try {
      configuration(address, location).target(target).load().migrate();
    } catch (FlywayException e) {
      throw new DatabaseException(
          "The database at " + address + " cannot be migrated: " + e.getMessage(), e);
    }
  }

  /** Brings the database to {@code version}, and no further. */
  static void runTo(DatabaseAddress address, String version) {
    try {
      configuration(address, LOCATION)
          .target(MigrationVersion.fromVersion(version))
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new DatabaseException(
          "The database at " + address + " cannot be migrated: " + e.getMessage(), e);
    }
  }

  /** The version of the database; empty where no migration has been applied. */
  static Optional<String> version(DatabaseAddress address) {
    return Optional.ofNullable(info(address, LOCATION).current())
        .map(applied -> applied.getVersion().toString());
  }

  /** Whether there is a migration to {@code version}. */
  static boolean isKnown(DatabaseAddress address, String version) {
    return Stream.of(info(address, LOCATION).all())
        .filter(migration -> migration.getState().isResolved())
        .anyMatch(migration -> migration.getVersion().toString().equals(version));
  }

  private static MigrationInfoService info(DatabaseAddress address, String location) {
    try {
      return configuration(address, location).load().info();
    } catch (FlywayException e) {
      throw new DatabaseException(
          "The database at " + address + " cannot be looked at: " + e.getMessage(), e);
    }
  }

  /** Refuses a database that is not of this program's version, and changes nothing. */
  static void check(DatabaseAddress address) {
    check(address, LOCATION);
  }

  static void check(DatabaseAddress address, String location) {
    MigrationInfoService info = info(address, location);
    if (info.pending().length > 0) {
      throw new DatabaseException(
          "The database at "
              + address
              + " is older than this program: start the server of this version once, which brings"
              + " it up to date.");
    }
    if (Stream.of(info.applied())
        .anyMatch(applied -> applied.getState() == MigrationState.FUTURE_SUCCESS)) {
      throw new DatabaseException(
          "The database at "
              + address
              + " is newer than this program: use the program of its server.");
    }
  }

  private static FluentConfiguration configuration(DatabaseAddress address, String location) {
    return Flyway.configure()
        .dataSource(dataSource(address))
        .locations(location)
        .failOnMissingLocations(false)
        .validateMigrationNaming(true)
        .placeholderReplacement(false)
        .communityDBSupportEnabled(false)
        .skipDefaultCallbacks(true)
        .loggers("slf4j");
  }

  /** Not the pool's: a migration of a large table may take longer than any other statement. */
  private static PGSimpleDataSource dataSource(DatabaseAddress address) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(address.jdbcUrl());
    source.setUser(address.user());
    source.setPassword(address.password());
    source.setApplicationName("raccoon migrations");
    source.setConnectTimeout(CONNECT_LIMIT_SECONDS);
    return source;
  }
}
