package dev.raccoon.http;

/**
 * A method and a path with what answers them. A path may end in {@code /:id}; whatever stands there
 * is the exchange's {@link Exchange#id}. GET answers HEAD as well.
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

  /** Whether this answers at {@code address}, whatever the method. */
  boolean isAt(String address) {
    String id = "/:id";
    return path.endsWith(id)
        ? address.startsWith(path.substring(0, path.length() - id.length() + 1))
        : path.equals(address);
  }
}
