package dev.raccoon.http;

/**
 * A method and a path with what answers them. A segment of the path may be a place such as {@code
 * :id}; whatever stands there is the exchange's {@link Exchange#pathValue}. GET answers HEAD as
 * well.
 */
public record Route(String method, String path, Endpoint endpoint) {
  /** A GET of {@code path}. */
  public static Route get(String path, Endpoint endpoint) {
    return new Route("GET", path, endpoint);
  }

  /** A POST to {@code path}. */
  public static Route post(String path, Endpoint endpoint) {
    return new Route("POST", path, endpoint);
  }

  /** A PUT of {@code path}. */
  public static Route put(String path, Endpoint endpoint) {
    return new Route("PUT", path, endpoint);
  }

  /** A DELETE of {@code path}. */
  public static Route delete(String path, Endpoint endpoint) {
    return new Route("DELETE", path, endpoint);
  }

  /** Whether this answers at {@code address}, whatever the method. */
  boolean isAt(String address) {
    String[] places = path.split("/", -1);
    String[] segments = address.split("/", -1);
    if (places.length != segments.length) {
      return false;
    }
    for (int i = 0; i < places.length; i++) {
      boolean fits =
          places[i].startsWith(":") ? !segments[i].isEmpty() : places[i].equals(segments[i]);
      if (!fits) {
        return false;
      }
    }
    return true;
  }
}
