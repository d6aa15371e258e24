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

/** The Elixir installations of this machine. Thread-safe. */
public final class ElixirPrograms {
  /** Where packages and source builds of Elixir put it. */
  private static final List<Path> USUAL_ROOTS =
      List.of(Path.of("/usr/lib/elixir"), Path.of("/usr/local/lib/elixir"), Path.of("/opt/elixir"));

  private static final Pattern VERSION = Pattern.compile("(?m)^Elixir (\\S{1,50})$");

  private final ProgramSearch search;
  private final Trial trial;
  private final Candidates candidates;

  /**
   * Those that {@code search} names: roots, or folders of them; else those of the search path's
   * {@code elixir} and of the usual places.
   */
  public ElixirPrograms(ProgramSearch search, Trial trial) {
    this.search = search;
    this.trial = trial;
    this.candidates = new Candidates("Elixir", this::roots, this::version);
  }

  /**
   * The newest that runs on {@code otp}.
   *
   * @throws IOException when the sandbox in which they are tried cannot be made
   */
  public Optional<Elixir> on(OtpInstallation otp) throws IOException, InterruptedException {
    return candidates.on(otp).map(found -> new Elixir(found.place(), found.version()));
  }

  /** Whether there is one at all. */
  public boolean any() {
    return candidates.any();
  }

  /** Why there is none for {@code otp}: a sentence for its users. */
  public String noneOn(OtpInstallation otp) {
    return candidates.noneOn(otp);
  }

  private List<Path> roots() {
    Stream<Path> roots =
        search.named().isEmpty()
            ? Stream.concat(
                search.searchPath().stream().flatMap(ElixirPrograms::ofProgram),
                search.searchPath().isEmpty() ? Stream.empty() : USUAL_ROOTS.stream())
            : search.named().stream().flatMap(ElixirPrograms::named);
    return ProgramSearch.real(roots, ElixirPrograms::isRoot);
  }

  private static Stream<Path> named(Path entry) {
    return isRoot(entry) ? Stream.of(entry) : ProgramSearch.entries(entry);
  }

  /** The {@code elixir} of a folder of the PATH is a symbolic link to its installation's. */
  private static Stream<Path> ofProgram(Path folder) {
    return ProgramSearch.real(Stream.of(folder.resolve("elixir")), ProgramSearch::isProgram)
        .stream()
        .flatMap(program -> Optional.ofNullable(program.getParent()).stream())
        .flatMap(bin -> Optional.ofNullable(bin.getParent()).stream());
  }

  private static boolean isRoot(Path folder) {
    return ProgramSearch.isProgram(folder.resolve("bin/elixir"))
        && Files.isRegularFile(folder.resolve("bin/mix"))
        && Files.isRegularFile(application(folder));
  }

  private static Path application(Path root) {
    return root.resolve("lib/elixir/ebin/elixir.app");
  }

  private Optional<String> version(Path root, OtpInstallation otp)
      throws IOException, InterruptedException {
    List<String> arguments =
        List.of(root + "/bin/elixir", "-e", "IO.puts(\"\\nElixir \" <> System.version())");
    return trial
        .printed(otp, application(root), new Task("elixir", arguments, Map.of(), List.of(root)))
        .map(VERSION::matcher)
        .filter(Matcher::find)
        .map(match -> match.group(1));
  }
}
