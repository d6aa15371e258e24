package dev.raccoon.egress;

import dev.raccoon.config.Settings;
import java.time.Duration;

/**
 * How much and how long one door lets through.
 *
 * @param connections from inside, at once
 * @param head within which a client sends a request's head, and the next one
 * @param connect to one address
 * @param idle without a byte in either direction
 * @param request from a request's head to the last byte of its answer
 * @param bytes of bodies and tunnels, in both directions together
 */
public record EgressLimits(
    int connections, Duration head, Duration connect, Duration idle, Duration request, long bytes) {
  /** Those of {@code settings}, and the usual ones for what nobody sets. */
  public static EgressLimits of(Settings.Egress settings) {
    return new EgressLimits(
        64,
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        settings.requestTimeout(),
        settings.bytes());
  }
}
