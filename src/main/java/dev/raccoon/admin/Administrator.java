package dev.raccoon.admin;

import dev.raccoon.access.Actor;
import dev.raccoon.access.Caller;
import dev.raccoon.access.Scope;
import dev.raccoon.http.Exchange;
import dev.raccoon.http.RefusedException;

/** Asks who wants to administer what, and refuses whoever may not. */
final class Administrator {
  private Administrator() {}

  /** The administrator of everything who sent {@code exchange}. */
  static Actor ofAll(Exchange exchange) {
    Actor actor = holder(exchange);
    if (!exchange.caller().administersAll()) {
      throw new RefusedException(
          403, "This needs a token with the scope administer for all namespaces.");
    }
    return actor;
  }

  /** The administrator of {@code namespace} who sent {@code exchange}. */
  static Actor of(Exchange exchange, String namespace) {
    Actor actor = holder(exchange);
    if (!exchange.caller().may(Scope.ADMINISTER, namespace)) {
      throw new RefusedException(
          403, "This needs a token with the scope administer for that namespace.");
    }
    return actor;
  }

  /** The administrator of any namespace who sent {@code exchange}. */
  static void ofAny(Exchange exchange) {
    holder(exchange);
    boolean none =
        exchange.caller().readable().names().stream()
            .noneMatch(name -> exchange.caller().may(Scope.ADMINISTER, name));
    if (none && !exchange.caller().administersAll()) {
      throw new RefusedException(403, "This needs a token with the scope administer.");
    }
  }

  private static Actor holder(Exchange exchange) {
    return switch (exchange.caller()) {
      case Caller.Anonymous() ->
          throw new RefusedException(
              401,
              "This needs a token: the server's operator makes one with bin/raccoon token create"
                  + " --scope administer.");
      case Caller.Holder(var token) -> Actor.holder(token, exchange.address());
    };
  }
}
