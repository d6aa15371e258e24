package dev.raccoon.access;

import java.util.Optional;

/**
 * Who does an administrative act.
 *
 * @param name as the audit log has it
 * @param address the client's, if the act came over HTTP
 */
public record Actor(String name, Optional<String> address) {
  /** The holder of {@code token}, from {@code address}. */
  public static Actor holder(Token token, String address) {
    return new Actor(token.label(), Optional.of(address));
  }

  /** Whoever sent a request from {@code address}. */
  public static Actor caller(Caller caller, String address) {
    return switch (caller) {
      case Caller.Anonymous() -> new Actor("somebody without a token", Optional.of(address));
      case Caller.Holder(Token token) -> holder(token, address);
    };
  }

  /** Somebody at the server's machine, as its user {@code user}. */
  public static Actor commandLine(String user) {
    return new Actor("command line as " + user, Optional.empty());
  }
}
