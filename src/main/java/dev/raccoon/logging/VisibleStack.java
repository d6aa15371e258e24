package dev.raccoon.logging;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import org.jspecify.annotations.Nullable;

/** {@code %visibleEx}: an event's stack, each exception's message on one line. */
public final class VisibleStack extends ThrowableProxyConverter {
  @Override
  protected String throwableProxyToString(IThrowableProxy thrown) {
    return super.throwableProxyToString(new Visible(thrown));
  }

  /** An exception as it is, but for its message. */
  private record Visible(IThrowableProxy thrown) implements IThrowableProxy {
    @Override
    @SuppressWarnings("NullAway") // null is what logback expects of an exception without a message
    public String getMessage() {
      String message = thrown.getMessage();
      return message == null ? null : VisibleText.of(message);
    }

    @Override
    public String getClassName() {
      return thrown.getClassName();
    }

    @Override
    public StackTraceElementProxy[] getStackTraceElementProxyArray() {
      return thrown.getStackTraceElementProxyArray();
    }

    @Override
    public int getCommonFrames() {
      return thrown.getCommonFrames();
    }

    @Override
    public @Nullable IThrowableProxy getCause() {
      IThrowableProxy cause = thrown.getCause();
      return cause == null ? null : new Visible(cause);
    }

    @Override
    public IThrowableProxy[] getSuppressed() {
      IThrowableProxy[] suppressed = thrown.getSuppressed();
      IThrowableProxy[] visible = new IThrowableProxy[suppressed == null ? 0 : suppressed.length];
      for (int i = 0; i < visible.length; i++) {
        visible[i] = new Visible(suppressed[i]);
      }
      return visible;
    }

    @Override
    public boolean isCyclic() {
      return thrown.isCyclic();
    }
  }
}
