package dev.raccoon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import org.junit.jupiter.api.Test;

class QuietLogTest {
  @Test
  void warningsAreLoggedButNotThatTheDatabaseWentAwayWhichIsASentence() {
    LoggerContext context = new LoggerContext();
    QuietLog.quieten(context);
    assertThat(context.getLogger("dev.raccoon.X").isWarnEnabled()).isTrue();
    assertThat(context.getLogger("dev.raccoon.X").isInfoEnabled()).isFalse();
    assertThat(context.getLogger("com.zaxxer.hikari.pool.ProxyConnection").isWarnEnabled())
        .isFalse();
  }
}
