package dev.raccoon.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.raccoon.testing.HostileText;
import java.io.ByteArrayOutputStream;
import java.net.URL;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** The server's own logback.xml, with hostile text to write. */
class LogLinesTest {
  private static final String FORGED =
      "a\r\n2026-01-01T00:00:00.000Z INFO  Main - forged\u001b[2J\u0085b\u2028c\u202ed\u2066e\u200bf\0";

  private final LoggerContext context = new LoggerContext();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private Logger log;

  @BeforeEach
  void configure() throws Exception {
    URL configuration = Objects.requireNonNull(getClass().getResource("/logback.xml"));
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(configuration);
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    var console = (OutputStreamAppender<ILoggingEvent>) root.getAppender("console");
    root.detachAppender(console);
    root.addAppender(collecting(console.getEncoder()));
    log = context.getLogger("test");
  }

  private Appender<ILoggingEvent> collecting(Encoder<ILoggingEvent> encoder) {
    AppenderBase<ILoggingEvent> collecting =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            written.writeBytes(encoder.encode(event));
          }
        };
    collecting.start();
    return collecting;
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void aMessageIsOneLineAndShowsWhatWouldNotBeSeen() {
    log.warn("{} was asked for", FORGED);

    assertThat(lines()).hasSize(1);
    assertThat(written.toString(UTF_8))
        .contains(
            "a\\u000d\\u000a2026",
            "forged\\u001b[2J\\u0085b\\u2028c\\u202ed\\u2066e\\u200bf\\u0000");
  }

  @Test
  void anExceptionsMessagesAreOneLineEach() {
    IllegalStateException thrown =
        new IllegalStateException(FORGED, new IllegalArgumentException("cause " + FORGED));
    thrown.addSuppressed(new IllegalArgumentException("suppressed " + FORGED));

    log.error("It failed", thrown);

    assertThat(lines())
        .allMatch(line ->
            line.matches("[0-9-]{10}T[0-9:.]{12}Z ERROR test - It failed")
                || line.startsWith("java.lang.IllegalStateException: a\\u000d")
                || line.startsWith("Caused by: java.lang.IllegalArgumentException: cause a\\u000d")
                || line.startsWith("\tSuppressed: java.lang.IllegalArgumentException: suppressed a")
                || line.matches("\t+(at|\\.\\.\\.) [^\u001b]*"));
    assertThat(written.toString(UTF_8)).contains("Caused by:", "Suppressed:");
  }

  @Test
  void anExceptionWithoutAMessageIsWrittenAsOne() {
    log.error("It failed", new IllegalStateException());

    assertThat(lines().get(1)).isEqualTo("java.lang.IllegalStateException: null");
  }

  @Test
  void whatPeopleWriteStays() {
    log.info("Grüße, 世界 \ud83e\udd9d \"quoted\" \\ back");

    assertThat(written.toString(UTF_8)).contains("Grüße, 世界 \ud83e\udd9d \"quoted\" \\ back");
  }

  @Test
  void noHostileTextMakesALineOfItsOwn() {
    int[] count = {0};
    HostileText.each(
        1,
        300,
        text -> {
          log.info("text {}", text);
          count[0]++;
        });

    assertThat(lines()).hasSize(count[0]).allMatch(line -> line.contains(" INFO  test - text "));
  }

  private java.util.List<String> lines() {
    return written.toString(UTF_8).lines().toList();
  }
}
