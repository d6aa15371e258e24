package dev.raccoon.logging;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** {@code %visible}: an event's message, on one line whatever is in it. */
public final class VisibleMessage extends ClassicConverter {
  @Override
  public String convert(ILoggingEvent event) {
    return VisibleText.of(String.valueOf(event.getFormattedMessage()));
  }
}
