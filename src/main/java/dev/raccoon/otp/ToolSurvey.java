package dev.raccoon.otp;

import dev.raccoon.tool.Elixir;
import dev.raccoon.tool.ElixirPrograms;
import dev.raccoon.tool.Rebar3Program;
import dev.raccoon.tool.Rebar3Programs;
import dev.raccoon.toolchain.OtpInstallation;
import dev.raccoon.toolchain.OtpInstallations;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which tools run on which Erlang/OTP of this machine, again and again, and tells of it:
 * in the log, in the database, to whoever asks for the server's health. Thread-safe.
 */
public final class ToolSurvey implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ToolSurvey.class);
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final UUID node;
  private final Supplier<OtpInstallations> installations;
  private final Rebar3Programs rebar3;
  private final ElixirPrograms elixir;
  private final NodeOtpStore store;
  private final Pulse pulse = new Pulse("tool-survey", PAUSE, this::look);
  private volatile @Nullable List<NodeOtp> last;

  /** Looks at {@code installations} for {@code node}. Nothing is done before {@link #start}. */
  public ToolSurvey(
      UUID node,
      Supplier<OtpInstallations> installations,
      Rebar3Programs rebar3,
      ElixirPrograms elixir,
      NodeOtpStore store) {
    this.node = node;
    this.installations = installations;
    this.rebar3 = rebar3;
    this.elixir = elixir;
    this.store = store;
  }

  /** Begins to look. */
  public void start() {
    pulse.start();
  }

  /** Looks soon: something has been installed. */
  public void wake() {
    pulse.wake();
  }

  /** Whether anything can be built, as far as is known. */
  public boolean isUsable() {
    List<NodeOtp> found = last;
    return found == null ? rebar3.any() : found.stream().anyMatch(otp -> otp.rebar3().isPresent());
  }

  /** Which tools there are for which OTP, within a sentence. */
  public String describe() {
    List<NodeOtp> found = last;
    if (!rebar3.any()) {
      return "no rebar3";
    }
    if (found == null || found.isEmpty()) {
      return "rebar3";
    }
    return found.stream().map(NodeOtp::describe).collect(Collectors.joining("; "));
  }

  private void look() throws IOException, InterruptedException {
    List<NodeOtp> found = new ArrayList<>();
    for (OtpInstallation otp : installations.get().all()) {
      found.add(
          new NodeOtp(
              node,
              otp.version(),
              otp.root().toString(),
              rebar3.on(otp).map(Rebar3Program::version),
              elixir.on(otp).map(Elixir::version)));
    }
    if (!found.equals(last)) {
      store.replace(node, found);
      last = List.copyOf(found);
      log.info(
          "Erlang/OTP and tools: {}",
          found.isEmpty()
              ? "none"
              : found.stream().map(NodeOtp::describe).collect(Collectors.joining("; ")));
    }
  }

  @Override
  public void close() {
    pulse.close();
  }
}
