package dev.raccoon.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.LoggerFactory;

/** The log of a command: standard output is for what was asked for. */
public final class QuietLog {
  private QuietLog() {}

  /** From now on, only warnings are logged, and to standard error. */
  public static void toStandardError() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      quieten(context);
      Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
      root.iteratorForAppenders()
          .forEachRemaining(appender -> {
            if (appender instanceof ConsoleAppender<?> console) {
              console.stop();
              console.setTarget("System.err");
              console.start();
            }
          });
    }
  }

  /** A database that goes away under a command is said in a sentence by whoever asked it. */
  static void quieten(LoggerContext context) {
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
    context.getLogger("com.zaxxer.hikari").setLevel(Level.ERROR);
  }
}
