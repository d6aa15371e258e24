package dev.raccoon.http;

/** What a request costs the server, as far as clients are limited in it. */
public enum Traffic {
  /** Something is looked up or loaded. */
  READ,
  /** Builds are asked for. */
  BUILD
}
