package dev.raccoon.egress;

/**
 * Hosts that may be connected to: {@code github.com}, {@code git.corp:8443}, {@code .example.org}
 * or {@code *.example.org} (what is below it), or {@code any}.
 */
record HostPattern(String text) {
  boolean matches(Destination destination) {
    if (text.equals("any")) {
      return destination.isHttpsPort();
    }
    String suffix = text.startsWith("*.") ? text.substring(1) : text;
    if (suffix.startsWith(".")) {
      return destination.host().endsWith(suffix) && destination.isHttpsPort();
    }
    return names(destination) || (text.equals(destination.host()) && destination.isHttpsPort());
  }

  /** An operator who lists {@code host:port} means that very place, wherever it is. */
  boolean names(Destination destination) {
    return text.equals(destination.host() + ":" + destination.port());
  }
}
