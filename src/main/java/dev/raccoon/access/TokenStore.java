package dev.raccoon.access;

import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.Sha256;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Tokens, by their digests. None is ever deleted, so that the audit log's names keep a meaning. */
public final class TokenStore {
  private static final String INSERT =
      """
      insert into token (name, scope, namespaces, digest, created_at, until)
      values (:name, :scope, cast(:namespaces as text[]), :digest, :now, :until)
      returning *
      """;

  private final Jdbi jdbi;
  private final Clock clock;

  /** Tokens in the database of {@code jdbi}; {@code clock} tells when they were made. */
  public TokenStore(Jdbi jdbi, Clock clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /** A new token with its secret, which nobody can see again. */
  public record Made(Token token, TokenSecret secret) {}

  /**
   * Makes a token.
   *
   * @throws InvalidValueException when it would have ended already
   */
  public Made create(Token.Terms terms, Actor actor) {
    Instant now = clock.instant();
    if (terms.until().filter(end -> !end.isAfter(now)).isPresent()) {
      throw new InvalidValueException("The token would have ended already: name a time to come.");
    }
    TokenSecret secret = TokenSecret.random();
    Token token =
        jdbi.inTransaction(handle -> {
          Update insert = handle.createUpdate(INSERT);
          bind(insert, terms);
          Token made =
              insert
                  .bind("digest", secret.digest().hex())
                  .bind("now", now)
                  .executeAndReturnGeneratedKeys()
                  .map((row, context) -> read(row))
                  .one();
          AuditStore.write(handle, actor, "token.create", "token " + made.id(), terms.toString());
          return made;
        });
    return new Made(token, secret);
  }

  private static void bind(Update insert, Token.Terms terms) {
    insert
        .bind("name", terms.name())
        .bind("scope", terms.scope())
        .bind("until", terms.until().orElse(null));
    if (terms.namespaces().all()) {
      insert.bind("namespaces", (String) null);
    } else {
      insert.bindArray("namespaces", String.class, terms.namespaces().names().toArray());
    }
  }

  /** The token whose secret has that digest, be it withdrawn or not. */
  Optional<Token> find(Sha256 digest) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("select * from token where digest = :digest")
            .bind("digest", digest.hex())
            .map((row, context) -> read(row))
            .findOne());
  }

  /** Notes that a token was used at {@code now}, unless a use after {@code since} is noted. */
  void used(long id, Instant now, Instant since) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(
                """
                update token set last_used_at = :now
                where id = :id and (last_used_at is null or last_used_at <= :since)
                """)
            .bind("now", now)
            .bind("since", since)
            .bind("id", id)
            .execute());
  }

  /** The newest tokens before the one with the id {@code before}, newest first. */
  public List<Token> page(long before, int limit) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("select * from token where id < :before order by id desc limit :limit")
            .bind("before", before)
            .bind("limit", limit)
            .map((row, context) -> read(row))
            .list());
  }

  /** Withdraws a token, for good and at once; one that was already stays as it is. */
  public Optional<Token> withdraw(long id, Actor actor) {
    return jdbi.inTransaction(handle -> {
      int rows =
          handle
              .createUpdate(
                  "update token set withdrawn_at = :now where id = :id and withdrawn_at is null")
              .bind("now", clock.instant())
              .bind("id", id)
              .execute();
      Optional<Token> token =
          handle
              .createQuery("select * from token where id = :id")
              .bind("id", id)
              .map((row, context) -> read(row))
              .findOne();
      if (rows > 0 && token.isPresent()) {
        AuditStore.write(
            handle, actor, "token.withdraw", "token " + id, token.get().terms().toString());
      }
      return token;
    });
  }

  private static Token read(ResultSet row) throws SQLException {
    return new Token(
        row.getLong("id"),
        new Token.Terms(
            row.getString("name"),
            Scope.valueOf(row.getString("scope")),
            namespaces(row.getArray("namespaces")),
            time(row, "until")),
        time(row, "created_at").orElseThrow(),
        time(row, "last_used_at"),
        time(row, "withdrawn_at"));
  }

  private static Namespaces namespaces(@Nullable Array names) throws SQLException {
    return names == null
        ? Namespaces.ALL
        : Namespaces.recorded(List.of((String[]) names.getArray()));
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }
}
