package dev.raccoon.http;

import dev.raccoon.access.Caller;
import dev.raccoon.value.InvalidValueException;
import io.vertx.core.MultiMap;
import java.util.Map;
import java.util.Optional;

/**
 * A request that has arrived whole.
 *
 * @param body all of it, at most {@link WebServer#MAX_BODY_BYTES}
 * @param address the client's
 * @param caller who sent it; anonymous until {@link CallerCheck} has looked
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, only read
public record Exchange(
    Target target, MultiMap headers, byte[] body, String address, Caller caller) {

  /**
   * What a request is for.
   *
   * @param path as it was sent, without the query
   * @param pathValues what stood in the route's places, decoded
   * @param query decoded; of a name that comes twice, the first counts
   */
  public record Target(
      String method, String path, Map<String, String> pathValues, Map<String, String> query) {}

  /** The same request, sent by {@code known}. */
  Exchange by(Caller known) {
    return new Exchange(target, headers, body, address, known);
  }

  /** The request's method, in capital letters. */
  public String method() {
    return target.method();
  }

  /** As it was sent, without the query. */
  public String path() {
    return target.path();
  }

  /** The query's parameters; of a name that comes twice, the first counts. */
  public Map<String, String> query() {
    return target.query();
  }

  /** A header's first value. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** A parameter of the query; an empty one counts as left out. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(query().get(name)).filter(value -> !value.isEmpty());
  }

  /** A whole number of the query from {@code least} to {@code most}. */
  public int number(String name, int whenLeftOut, int least, int most) {
    Optional<String> raw = parameter(name);
    if (raw.isEmpty()) {
      return whenLeftOut;
    }
    try {
      // Integer.parseInt takes the digits of every script.
      int number = raw.get().matches("-?[0-9]+") ? Integer.parseInt(raw.get()) : least - 1;
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Refused below, as any other text.
    }
    throw new InvalidValueException(
        name + " must be a whole number from " + least + " to " + most + ".");
  }

  /** The value in the path's {@code :id}. */
  public String id() {
    return pathValue("id");
  }

  /** The value in the path's place {@code :name}, which the route has. */
  public String pathValue(String name) {
    return Optional.ofNullable(target.pathValues().get(name)).orElseThrow();
  }

  /** Whether the client would rather have {@code type} than anything else. */
  public boolean accepts(String type) {
    return header("Accept").filter(accept -> accept.contains(type)).isPresent();
  }
}
