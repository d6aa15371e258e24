package dev.raccoon.http;

import dev.raccoon.value.InvalidValueException;
import io.vertx.core.MultiMap;
import java.util.Map;
import java.util.Optional;

/**
 * A request that has arrived whole.
 *
 * @param path as it was sent, without the query
 * @param pathValue what stood in the route's place for an id; empty where it has none
 * @param query decoded; of a name that comes twice, the first counts
 * @param body all of it, at most {@link WebServer#MAX_BODY_BYTES}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, only read
public record Exchange(
    String method,
    String path,
    Optional<String> pathValue,
    Map<String, String> query,
    MultiMap headers,
    byte[] body) {

  /** A header's first value. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** A parameter of the query; an empty one counts as left out. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
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

  /** The value in the path. */
  public String id() {
    return pathValue.orElseThrow();
  }

  /** Whether the client would rather have {@code type} than anything else. */
  public boolean accepts(String type) {
    return header("Accept").filter(accept -> accept.contains(type)).isPresent();
  }
}
