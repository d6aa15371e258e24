package dev.raccoon.toolchain;

import dev.raccoon.value.OtpSelector;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a repository's {@code raccoon.yaml} sets.
 *
 * @param erlang the OTP versions to build for, each once, in its order; empty where it says nothing
 * @param buildTool the one to use whatever the tree looks like, one of {@link #BUILD_TOOLS}
 * @param application the one that {@code /get} serves
 * @param environment of every command of the build, below what its tools need
 * @param before shell commands that run in the tree's root before it is compiled
 * @param after shell commands that run there when it is compiled
 */
public record ProjectSettings(
    List<OtpSelector> erlang,
    Optional<String> buildTool,
    Optional<String> application,
    Map<String, String> environment,
    List<String> before,
    List<String> after) {
  /** What {@code build_tool} may be. */
  public static final List<String> BUILD_TOOLS =
      List.of("rebar3", "erlang.mk", "make", "mix", "plain", "coon", "rebar");

  /** Says nothing. */
  public static final ProjectSettings NONE =
      new ProjectSettings(
          List.of(), Optional.empty(), Optional.empty(), Map.of(), List.of(), List.of());

  public ProjectSettings {
    erlang = List.copyOf(erlang);
    environment = Map.copyOf(environment);
    before = List.copyOf(before);
    after = List.copyOf(after);
  }
}
