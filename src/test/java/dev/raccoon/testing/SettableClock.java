package dev.raccoon.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands until a test moves it. */
public final class SettableClock extends Clock {
  private volatile Instant now = Instant.parse("2026-06-01T12:00:00Z");

  /** Moves it on. Thread-safe, as its readers are, for one mover. */
  public void pass(Duration time) {
    now = instant().plus(time);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
