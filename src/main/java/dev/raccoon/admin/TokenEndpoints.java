package dev.raccoon.admin;

import dev.raccoon.access.Actor;
import dev.raccoon.access.Scope;
import dev.raccoon.access.Token;
import dev.raccoon.access.TokenStore;
import dev.raccoon.http.Answer;
import dev.raccoon.http.Envelope;
import dev.raccoon.http.Exchange;
import dev.raccoon.http.RefusedException;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.Namespaces;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tokens. Only who administers everything may make them: a token for all would be within reach. */
final class TokenEndpoints {
  private final TokenStore tokens;

  TokenEndpoints(TokenStore tokens) {
    this.tokens = tokens;
  }

  /** {@code GET /api/tokens}: without their secrets, which nobody has. */
  Answer list(Exchange exchange) {
    Administrator.ofAll(exchange);
    return AdminPages.page(
        exchange,
        tokens.page(AdminPages.before(exchange), AdminPages.limit(exchange)).stream()
            .map(AdminRows::token)
            .toList(),
        "id");
  }

  /** {@code POST /api/tokens}: the one answer that has the secret. */
  Answer create(Exchange exchange) {
    Actor actor = Administrator.ofAll(exchange);
    TokenStore.Made made =
        tokens.create(terms(AdminBody.of(exchange, "name", "scope", "namespaces", "until")), actor);
    Map<String, @Nullable Object> row = AdminRows.token(made.token());
    row.put("token", made.secret().reveal());
    return Envelope.of(201, true, row).with("Cache-Control", "no-store");
  }

  /** {@code DELETE /api/tokens/ID}: refused from now on, and kept in the list. */
  Answer withdraw(Exchange exchange) {
    Actor actor = Administrator.ofAll(exchange);
    long id = AdminPages.id("The token's id", exchange.id());
    Token token =
        tokens
            .withdraw(id, actor)
            .orElseThrow(() -> new RefusedException(404, "There is no token " + id + "."));
    return Envelope.good(AdminRows.token(token));
  }

  private static Token.Terms terms(ObjectNode body) {
    Scope scope =
        text(body, "scope")
            .flatMap(Scope::of)
            .orElseThrow(
                () -> new InvalidValueException("scope must be read, build or administer."));
    return new Token.Terms(
        text(body, "name").orElse(""),
        scope,
        namespaces(body.get("namespaces")),
        text(body, "until").map(Token.Terms::end));
  }

  private static Namespaces namespaces(@Nullable JsonNode node) {
    if (node != null && node.isString() && node.stringValue().equals("all")) {
      return Namespaces.ALL;
    }
    if (node == null || !node.isArray()) {
      throw wrongNamespaces();
    }
    List<String> names = new ArrayList<>();
    for (JsonNode name : node) {
      if (!name.isString()) {
        throw wrongNamespaces();
      }
      names.add(name.stringValue());
    }
    return Namespaces.of(names);
  }

  private static InvalidValueException wrongNamespaces() {
    return new InvalidValueException(
        "namespaces must be a list of names, such as [\"acme\"], or \"all\".");
  }

  private static Optional<String> text(ObjectNode body, String name) {
    JsonNode value = body.get(name);
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isString()) {
      throw new InvalidValueException(name + " must be a string.");
    }
    return Optional.of(value.stringValue());
  }
}
