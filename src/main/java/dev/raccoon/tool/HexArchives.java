package dev.raccoon.tool;

import dev.raccoon.toolchain.OtpInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Mix's archives of Hex ({@code hex-*.ez}) that the operator names. Thread-safe. */
public final class HexArchives {
  private static final Pattern VERSION = Pattern.compile("(?m)^Hex (\\S{1,50})$");

  /** Starts the archive's Hex, which needs more of Elixir and OTP than to be loaded. */
  private static final String START =
      """
      [file] = System.argv()
      {:ok, _} = :zip.unzip(String.to_charlist(file), cwd: 'hex')
      [ebin] = Path.wildcard("hex/*/ebin")
      Code.prepend_path(ebin)
      Mix.start()
      {:ok, _} = Application.ensure_all_started(:hex)
      IO.puts("\\nHex " <> to_string(Application.spec(:hex, :vsn)))
      """;

  private final List<Path> named;
  private final Trial trial;

  /** The archives among {@code named}: files, or folders of them. */
  public HexArchives(List<Path> named, Trial trial) {
    this.named = List.copyOf(named);
    this.trial = trial;
  }

  /**
   * The newest that starts in {@code elixir} on {@code otp}; a task that installs it must be shown
   * it.
   *
   * @throws IOException when the sandbox in which they are tried cannot be made
   */
  public Optional<Path> on(Elixir elixir, OtpInstallation otp)
      throws IOException, InterruptedException {
    return new Candidates("Hex archive", this::files, (file, on) -> version(file, elixir, on))
        .on(otp)
        .map(Candidates.Found::place);
  }

  /** Whether there is one at all. */
  public boolean any() {
    return !files().isEmpty();
  }

  private List<Path> files() {
    return ProgramSearch.real(
        named.stream()
            .flatMap(entry ->
                Files.isDirectory(entry)
                    ? ProgramSearch.entries(entry)
                        .filter(file -> file.getFileName().toString().matches("hex-.*\\.ez"))
                    : Stream.of(entry)),
        Files::isRegularFile);
  }

  private Optional<String> version(Path file, Elixir elixir, OtpInstallation otp)
      throws IOException, InterruptedException {
    List<String> arguments = List.of(elixir.bin() + "/elixir", "-e", START, "--", file.toString());
    return trial
        .printed(otp, file, new Task("hex", arguments, Map.of(), List.of(file, elixir.root())))
        .map(VERSION::matcher)
        .filter(Matcher::find)
        .map(match -> match.group(1));
  }
}
