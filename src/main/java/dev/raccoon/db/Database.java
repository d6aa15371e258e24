package dev.raccoon.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.jdbi.v3.core.Jdbi;

/**
 * The database: migrated when it is opened, then a pool of connections. Any number of threads,
 * virtual ones too, may use it at once; whoever finds all connections taken waits up to 5 s.
 */
public final class Database implements AutoCloseable {
  private static final Duration CONNECTION_LIMIT = Duration.ofSeconds(5);
  private static final Duration VALIDATION_LIMIT = Duration.ofSeconds(2);

  /** A statement without an answer for so long has lost its server. */
  private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(60);

  private static final int IDLE_CONNECTIONS = 2;

  private final HikariDataSource pool;
  private final Jdbi jdbi;

  private Database(HikariDataSource pool) {
    this.pool = pool;
    this.jdbi = Jdbi.create(pool);
    jdbi.registerArgument(new Instants.Argument());
    jdbi.registerColumnMapper(new Instants.Column());
  }

  /**
   * Migrates the database at {@code address} and opens up to {@code poolSize} connections to it.
   *
   * @throws DatabaseException when it does not answer or refuses a migration
   */
  public static Database open(DatabaseAddress address, int poolSize) {
    Migrations.run(address);
    return openMigrated(address, poolSize);
  }

  /**
   * Opens up to {@code poolSize} connections to a database that another process has migrated.
   *
   * @throws DatabaseException when it does not answer
   */
  public static Database openMigrated(DatabaseAddress address, int poolSize) {
    try {
      return new Database(new HikariDataSource(configuration(address, poolSize)));
    } catch (PoolInitializationException e) {
      throw new DatabaseException("The database at " + address + " does not answer.", e);
    }
  }

  /** For the stores: SQL with mapping. An {@code Instant} is a {@code timestamptz}. */
  public Jdbi jdbi() {
    return jdbi;
  }

  /** Whether the database answers now; waits up to 7 s for a connection and its answer. */
  public boolean answers() {
    try (Connection connection = pool.getConnection()) {
      return connection.isValid(Math.toIntExact(VALIDATION_LIMIT.toSeconds()));
    } catch (SQLException e) {
      return false;
    }
  }

  /**
   * Whether {@code failure} came of a database that cannot be reached or has gone: by SQLSTATE
   * classes 08 and 57P, or since the pool had no connection to give.
   */
  public static boolean isAway(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLTransientConnectionException) {
        return true;
      }
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState().startsWith("08") || sql.getSQLState().startsWith("57P");
      }
    }
    return false;
  }

  @Override
  public void close() {
    pool.close();
  }

  private static HikariConfig configuration(DatabaseAddress address, int poolSize) {
    HikariConfig configuration = new HikariConfig();
    configuration.setPoolName("database");
    configuration.setJdbcUrl(address.jdbcUrl());
    configuration.setUsername(address.user());
    configuration.setPassword(address.password());
    configuration.setMaximumPoolSize(poolSize);
    configuration.setMinimumIdle(Math.min(IDLE_CONNECTIONS, poolSize));
    configuration.setConnectionTimeout(CONNECTION_LIMIT.toMillis());
    configuration.setValidationTimeout(VALIDATION_LIMIT.toMillis());
    configuration.addDataSourceProperty("ApplicationName", "raccoon");
    configuration.addDataSourceProperty("tcpKeepAlive", "true");
    configuration.addDataSourceProperty("connectTimeout", CONNECTION_LIMIT.toSeconds());
    configuration.addDataSourceProperty("socketTimeout", STATEMENT_LIMIT.toSeconds());
    // Statements are closed after each use; the driver keeps the server's plans of the repeated.
    configuration.addDataSourceProperty("prepareThreshold", "3");
    configuration.addDataSourceProperty("preparedStatementCacheQueries", "256");
    configuration.addDataSourceProperty("reWriteBatchedInserts", "true");
    return configuration;
  }
}
