package dev.raccoon.tool;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.toolchain.OtpInstallation;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rebar3 that this machine has, of whatever versions. Thread-safe. */
public final class Rebar3Programs {
  private static final String NAME = "rebar3";
  private static final Pattern VERSION = Pattern.compile("(?m)^rebar (\\S{1,50}) on Erlang/OTP ");

  private final ProgramSearch search;
  private final Path links;
  private final Trial trial;
  private final Candidates candidates;

  /**
   * Those that {@code search} names: programs, or folders that hold {@code rebar3*} or {@code
   * *}{@code /rebar3}; else each folder's {@code rebar3} of the search path.
   *
   * @param links a folder for links to those that are not named rebar3; it need not be there
   */
  public Rebar3Programs(ProgramSearch search, Path links, Trial trial) {
    this.search = search;
    this.links = links;
    this.trial = trial;
    this.candidates = new Candidates(NAME, this::places, this::version);
  }

  /** Whether there is one at all. */
  public boolean any() {
    return candidates.any();
  }

  /**
   * The newest that runs on {@code otp}.
   *
   * @throws IOException when the sandbox in which they are tried cannot be made
   */
  public Optional<Rebar3Program> on(OtpInstallation otp) throws IOException, InterruptedException {
    Optional<Candidates.Found> found = candidates.on(otp);
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(shown(found.get().place(), found.get().version()));
  }

  /** Why there is none for {@code otp}: a sentence for its users. */
  String noneOn(OtpInstallation otp) {
    return candidates.noneOn(otp);
  }

  private List<Path> places() {
    Stream<Path> files =
        search.named().isEmpty()
            ? search.searchPath().stream().map(folder -> folder.resolve(NAME))
            : search.named().stream().flatMap(Rebar3Programs::named);
    return ProgramSearch.real(files, ProgramSearch::isProgram);
  }

  private static Stream<Path> named(Path entry) {
    return Files.isDirectory(entry)
        ? ProgramSearch.entries(entry)
            .map(each -> Files.isDirectory(each) ? each.resolve(NAME) : each)
            .filter(file -> file.getFileName().toString().startsWith(NAME))
        : Stream.of(entry);
  }

  private Optional<String> version(Path file, OtpInstallation otp)
      throws IOException, InterruptedException {
    Rebar3Program program = shown(file, "");
    List<String> arguments = List.of("escript", program.file().toString(), "version");
    return trial
        .printed(otp, file, new Task("rebar3 version", arguments, Map.of(), program.readable()))
        .map(VERSION::matcher)
        .filter(Matcher::find)
        .map(match -> match.group(1));
  }

  private Rebar3Program shown(Path file, String version) throws IOException {
    if (file.getFileName().toString().equals(NAME)) {
      return new Rebar3Program(file, version, List.of(file));
    }
    Path link = link(file);
    return new Rebar3Program(link, version, List.of(file, link));
  }

  /** One for each file, always at the same place. */
  private Path link(Path file) throws IOException {
    UUID id = UUID.nameUUIDFromBytes(file.toString().getBytes(UTF_8));
    Path link = Files.createDirectories(links.resolve(id.toString())).resolve(NAME);
    if (!Files.isSymbolicLink(link)) {
      try {
        Files.createSymbolicLink(link, file);
      } catch (FileAlreadyExistsException e) {
        // Another build has just made it.
      }
    }
    return link;
  }
}
