package dev.raccoon.egress;

import dev.raccoon.value.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A request that has ended.
 *
 * @param at when its head was there
 * @param method at most {@link #MAX_METHOD_LENGTH} characters of it
 * @param host with its port where that is not 443; empty where the request named none
 * @param path with the query, at most {@link #MAX_PATH_LENGTH} characters of them
 * @param bytesOut of the request's body, or into the tunnel
 * @param bytesIn of the answer's body, or out of the tunnel
 * @param digest of the answer's body, where the whole of it came through and it was no tunnel
 */
public record EgressRequest(
    Instant at,
    String method,
    String host,
    String path,
    Outcome outcome,
    long bytesOut,
    long bytesIn,
    Duration took,
    Optional<Sha256> digest) {
  /** In characters. */
  public static final int MAX_PATH_LENGTH = 500;

  /** In characters. */
  public static final int MAX_METHOD_LENGTH = 20;

  public EgressRequest {
    method = method.substring(0, Math.min(method.length(), MAX_METHOD_LENGTH));
    path = path.substring(0, Math.min(path.length(), MAX_PATH_LENGTH));
  }

  /** What came of it. */
  public sealed interface Outcome {
    /** The other side's answer with {@code status} came through; 200 for a tunnel. */
    record Answered(int status) implements Outcome {}

    /** The rules or a limit were against it. */
    record Refused(String why) implements Outcome {}

    /** The other side, or the client, did not do its part. */
    record Failed(String why) implements Outcome {}
  }
}
