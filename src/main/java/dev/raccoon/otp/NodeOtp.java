package dev.raccoon.otp;

import dev.raccoon.value.OtpVersion;
import java.util.Optional;
import java.util.UUID;

/**
 * An Erlang/OTP of a node.
 *
 * @param root its folder there
 * @param rebar3 the version of the newest rebar3 of that node that runs on it
 * @param elixir the same of Elixir
 */
public record NodeOtp(
    UUID node, OtpVersion version, String root, Optional<String> rebar3, Optional<String> elixir) {
  /** Within a sentence: "OTP 27.1: rebar3 3.24.0, no Elixir". */
  String describe() {
    return "OTP "
        + version
        + ": "
        + rebar3.map(found -> "rebar3 " + found).orElse("no rebar3 that runs on it")
        + ", "
        + elixir.map(found -> "Elixir " + found).orElse("no Elixir");
  }
}
