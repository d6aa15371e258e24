package dev.raccoon.toolchain;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of the interface between Erlang/OTP and native modules: a library that was compiled
 * for one loads into OTP of the same and of later ones. It is in {@code erl_nif.h}; an OTP that
 * came without its headers is known by its release, as those headers have it.
 */
public final class NifVersion {
  private static final Pattern NUMBER =
      Pattern.compile("^#\\s*define ERL_NIF_(MAJOR|MINOR)_VERSION\\s+([0-9]+)", Pattern.MULTILINE);

  private NifVersion() {}

  /** Of {@code otp}, such as 2.16; empty where neither tells. */
  public static Optional<String> of(OtpInstallation otp) {
    for (String folder : List.of("erts-" + otp.ertsVersion() + "/include", "usr/include")) {
      Optional<String> version = inHeader(otp.root().resolve(folder).resolve("erl_nif.h"));
      if (version.isPresent()) {
        return version;
      }
    }
    return ofRelease(otp.version().major());
  }

  private static Optional<String> inHeader(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return Optional.empty();
    }
    Optional<String> major = Optional.empty();
    Optional<String> minor = Optional.empty();
    Matcher number = NUMBER.matcher(text);
    while (number.find()) {
      if (number.group(1).equals("MAJOR")) {
        major = Optional.of(number.group(2));
      } else {
        minor = Optional.of(number.group(2));
      }
    }
    Optional<String> second = minor;
    return major.flatMap(first -> second.map(last -> first + "." + last));
  }

  static Optional<String> ofRelease(int major) {
    if (major < 20 || major > 28) {
      return Optional.empty();
    }
    return Optional.of(
        switch (major) {
          case 20 -> "2.12";
          case 21 -> "2.14";
          case 22, 23 -> "2.15";
          case 24, 25 -> "2.16";
          default -> "2.17";
        });
  }
}
