package dev.raccoon.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells by a request's {@code Authorization} who sent it: {@code Bearer TOKEN}, or the bare token
 * that Hex clients send. Whoever sends one that does not count is refused, and never taken for
 * somebody without a token: they would see less than they think is there. Thread-safe.
 */
public final class Authentication {
  private static final Logger log = LoggerFactory.getLogger(Authentication.class);
  private static final Duration USE_IS_NOTED = Duration.ofMinutes(1);
  private static final Pattern BEARER = Pattern.compile("bearer +(\\S+)", Pattern.CASE_INSENSITIVE);

  private final TokenStore tokens;
  private final Clock clock;
  private final AtomicBoolean unnoted = new AtomicBoolean();

  /** By {@code tokens}, whose ends {@code clock} decides. */
  public Authentication(TokenStore tokens, Clock clock) {
    this.tokens = tokens;
    this.clock = clock;
  }

  /** Who it is. */
  public sealed interface Result {
    /** The request may go on as theirs. */
    record Known(Caller caller) implements Result {}

    /** The request is refused, with a sentence that says what to mend and repeats nothing sent. */
    record Refused(String sentence) implements Result {}
  }

  /** Who sent {@code headers}, all values of Authorization; by one statement where there is one. */
  public Result of(List<String> headers) {
    if (headers.isEmpty()) {
      return new Result.Known(Caller.ANONYMOUS);
    }
    if (headers.size() > 1) {
      return new Result.Refused("Send one Authorization header, not several.");
    }
    String value = headers.getFirst().strip();
    Matcher bearer = BEARER.matcher(value);
    Optional<TokenSecret> secret = TokenSecret.parse(bearer.matches() ? bearer.group(1) : value);
    return secret
        .map(this::holder)
        .orElseGet(() ->
            new Result.Refused(
                "This is no token of a Raccoon server: send one whole, as Authorization: Bearer"
                    + " TOKEN."));
  }

  private Result holder(TokenSecret secret) {
    Optional<Token> found = tokens.find(secret.digest());
    if (found.isEmpty()) {
      return new Result.Refused("This server does not know this token.");
    }
    Token token = found.get();
    Instant now = clock.instant();
    if (token.withdrawnAt().isPresent()) {
      return new Result.Refused("This token was withdrawn: ask for another one.");
    }
    if (token.terms().until().filter(end -> !end.isAfter(now)).isPresent()) {
      return new Result.Refused("This token has ended: ask for another one.");
    }
    if (token.lastUsedAt().filter(used -> used.plus(USE_IS_NOTED).isAfter(now)).isEmpty()) {
      noteUse(token, now);
    }
    return new Result.Known(new Caller.Holder(token));
  }

  /** What cannot be noted keeps nobody out; it is logged once, until it can be noted again. */
  private void noteUse(Token token, Instant now) {
    try {
      tokens.used(token.id(), now, now.minus(USE_IS_NOTED));
      unnoted.set(false);
    } catch (RuntimeException e) {
      if (unnoted.compareAndSet(false, true)) {
        log.warn("That {} was used cannot be noted", token.label(), e);
      }
    }
  }
}
