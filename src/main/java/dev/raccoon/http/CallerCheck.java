package dev.raccoon.http;

import dev.raccoon.access.Authentication;
import dev.raccoon.access.Caller;
import dev.raccoon.config.Clients;
import dev.raccoon.db.Database;
import dev.raccoon.value.InvalidValueException;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Stands before every route: tells once who sent a request, refuses who sends a token that does not
 * count, also where none is needed, and sees to it that no cache gives one caller's answer to
 * another.
 */
public final class CallerCheck {
  private static final String CACHE = "Cache-Control";

  private static final Set<String> WATCHED = Set.of("/health", "/metrics");

  /** The database itself is waited for several times as long. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Authentication authentication;
  private final RateLimits rates;
  private final Function<String, Traffic> traffic;

  /**
   * Tells callers by {@code authentication}.
   *
   * @param clients how often a token may be used, from all addresses together
   * @param traffic tells by its path what a request costs
   */
  public CallerCheck(
      Authentication authentication, Clients clients, Function<String, Traffic> traffic) {
    this.authentication = authentication;
    this.rates = new RateLimits(clients, TimeMeter.SYSTEM_NANOTIME);
    this.traffic = traffic;
  }

  /** {@code route}, whose endpoint gets exchanges that know their caller. */
  public Route before(Route route) {
    return new Route(
        route.method(), route.path(), exchange -> marked(exchange, answer(route, exchange)));
  }

  private Answer answer(Route route, Exchange exchange) throws Exception {
    return switch (sender(route, exchange)) {
      case Authentication.Result.Refused(String sentence) -> Envelope.bad(401, sentence);
      case Authentication.Result.Known(var caller) -> {
        Optional<Answer> tooMany = tooMany(caller, route);
        yield tooMany.isPresent() ? tooMany.get() : answered(route.endpoint(), exchange.by(caller));
      }
    };
  }

  /** Whoever watches over the server must hear from it above all while its database is away. */
  private Authentication.Result sender(Route route, Exchange exchange) throws Exception {
    List<String> headers = exchange.headers().getAll("Authorization");
    if (headers.isEmpty() || !WATCHED.contains(route.path())) {
      return authentication.of(headers);
    }
    try {
      return CompletableFuture.supplyAsync(
              () -> authentication.of(headers), Thread::startVirtualThread)
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return new Authentication.Result.Known(Caller.ANONYMOUS);
    } catch (ExecutionException e) {
      if (Database.isAway(e)) {
        return new Authentication.Result.Known(Caller.ANONYMOUS);
      }
      throw e;
    }
  }

  private Optional<Answer> tooMany(Caller caller, Route route) {
    return switch (caller) {
      case Caller.Anonymous _ -> Optional.empty();
      case Caller.Holder(var token) ->
          rates.refusal(
              new ClientKey.Token(Long.toString(token.id())), traffic.apply(route.path()));
    };
  }

  /** Refusals are made answers here, since they depend on the caller as well. */
  private static Answer answered(Endpoint endpoint, Exchange exchange) throws Exception {
    try {
      return endpoint.answer(exchange);
    } catch (RefusedException e) {
      return e.answer();
    } catch (InvalidValueException e) {
      return Envelope.bad(400, String.valueOf(e.getMessage()));
    }
  }

  /** RFC 9110 sections 11.6.1 and 12.5.5, RFC 9111 section 5.2.2.7. */
  private static Answer marked(Exchange exchange, Answer answer) {
    Answer marked = answer.with("Vary", "Authorization");
    if (answer instanceof Answer.Bytes bytes && bytes.status() == 401) {
      marked = marked.with("WWW-Authenticate", "Bearer");
    }
    return exchange.headers().contains("Authorization")
        ? marked.with(CACHE, notShared(answer.headers().getOrDefault(CACHE, "")))
        : marked;
  }

  private static String notShared(String directives) {
    String own =
        directives.toLowerCase(Locale.ROOT).replaceAll("\\b(public|private)\\b *,? *", "").strip();
    return own.isEmpty() ? "private" : "private, " + own;
  }
}
