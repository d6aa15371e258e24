package dev.raccoon.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assumptions;

/**
 * Another Erlang/OTP beside the machine's own, out of another Debian release: fetched once, then
 * kept between runs. A test that needs one is skipped where the mirror does not give it.
 */
public final class DebianOtp {
  private static final Map<String, Program.Ended> MADE = new ConcurrentHashMap<>();

  private DebianOtp() {}

  /**
   * The root (the folder that holds {@code bin/erl}) of the Erlang/OTP of {@code suite}, such as
   * {@code trixie}, which has 27; or an aborted test. Its ELF interpreter and libraries are in
   * {@code lib} three folders above the root.
   */
  public static Path require(String suite) {
    Program.Ended ended = MADE.computeIfAbsent(suite, DebianOtp::make);
    if (ended.status() != 0) {
      Assumptions.abort("no Erlang/OTP of Debian " + suite + ": " + ended.errors().strip());
    }
    return Path.of(ended.output().strip());
  }

  private static Program.Ended make(String suite) {
    try {
      Path folder = TestCache.folder().resolve("otp-" + suite);
      return DebianScript.run("debian-otp", Map.of(), suite, folder.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
