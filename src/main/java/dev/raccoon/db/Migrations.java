package dev.raccoon.db;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.postgresql.ds.PGSimpleDataSource;

/** The schema's history: {@code db/migration/V001__what.sql} and so on, each applied once. */
final class Migrations {
  private static final String LOCATION = "classpath:db/migration";
  private static final int CONNECT_LIMIT_SECONDS = 5;

  private Migrations() {}

  /** Brings the database to the newest version; several servers may do so at once. */
  static void run(DatabaseAddress address) {
    run(address, LOCATION);
  }

  static void run(DatabaseAddress address, String location) {
    try {
      configuration(address, location).load().migrate();
    } catch (FlywayException e) {
      throw new DatabaseException(
          "The database at " + address + " cannot be migrated: " + e.getMessage(), e);
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
