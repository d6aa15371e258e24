package dev.raccoon.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads {@code Forwarded}, RFC 7239 section 4, strictly: what a client has sent stands before what
 * a proxy adds, and must not be able to swallow it with a quotation mark of its own.
 */
final class ForwardedHeader {
  private final String text;
  private int at;

  private ForwardedHeader(String text) {
    this.text = text;
  }

  /**
   * The {@code for} of each element in order, an empty text where one has none; nothing where the
   * header is not well formed. No backslash is taken: no address needs one.
   */
  static Optional<List<String>> clients(String header) {
    return new ForwardedHeader(header).elements();
  }

  private Optional<List<String>> elements() {
    List<String> clients = new ArrayList<>();
    do {
      Optional<String> client = element();
      if (client.isEmpty()) {
        return Optional.empty();
      }
      clients.add(client.get());
    } while (taken(','));
    return at == text.length() ? Optional.of(clients) : Optional.empty();
  }

  private Optional<String> element() {
    String client = "";
    do {
      String name = token().toLowerCase(Locale.ROOT);
      if (name.isEmpty() || !taken('=')) {
        return Optional.empty();
      }
      Optional<String> value = taken('"') ? quoted() : Optional.of(token());
      if (value.isEmpty()) {
        return Optional.empty();
      }
      client = name.equals("for") ? value.get() : client;
    } while (taken(';'));
    return Optional.of(client);
  }

  private String token() {
    spaces();
    int from = at;
    while (at < text.length() && isOfToken(text.charAt(at))) {
      at++;
    }
    return text.substring(from, at);
  }

  private Optional<String> quoted() {
    int end = text.indexOf('"', at);
    if (end < 0 || text.substring(at, end).contains("\\")) {
      return Optional.empty();
    }
    String value = text.substring(at, end);
    at = end + 1;
    return Optional.of(value);
  }

  private boolean taken(char c) {
    // None may stand around an equals sign, nor is a quotation mark sought after one.
    if (c == ',' || c == ';') {
      spaces();
    }
    boolean there = at < text.length() && text.charAt(at) == c;
    if (there) {
      at++;
    }
    return there;
  }

  private void spaces() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  /** RFC 9110 section 5.6.2; addresses with their ports are found without quotes as well. */
  private static boolean isOfToken(char c) {
    return c > ' ' && c < 0x7f && "\"(),/;<=>?@\\{}".indexOf(c) < 0;
  }
}
