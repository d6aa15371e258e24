package dev.raccoon.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * {@link Instant} as {@code timestamptz}, to the microsecond. JDBI's own way goes through {@code
 * Timestamp} and so through the machine's time zone.
 */
final class Instants {
  private Instants() {}

  static final class Argument extends AbstractArgumentFactory<Instant> {
    Argument() {
      super(Types.TIMESTAMP_WITH_TIMEZONE);
    }

    @Override
    protected org.jdbi.v3.core.argument.Argument build(Instant value, ConfigRegistry config) {
      return (position, statement, context) ->
          statement.setObject(position, value.atOffset(ZoneOffset.UTC));
    }
  }

  static final class Column implements ColumnMapper<Instant> {
    @Override
    public @Nullable Instant map(ResultSet row, int column, StatementContext context)
        throws SQLException {
      OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
      return value == null ? null : value.toInstant();
    }
  }
}
