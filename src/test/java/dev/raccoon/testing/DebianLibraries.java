package dev.raccoon.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * Real Erlang libraries as git repositories, out of Debian's source packages: fetched once, then
 * kept between runs. A test that asks for what the mirror does not give is skipped, and says so.
 */
public final class DebianLibraries {
  /** Those that build as they are with rebar3 3.19 on Erlang/OTP 25 and 27. */
  public static final List<String> NAMES =
      List.of(
          "getopt",
          "goldrush",
          "mimerl",
          "base64url",
          "bbmustache",
          "poolboy",
          "proper",
          "eredis",
          "cowlib");

  /** One that brings an erlang.mk of 2016, which later ones are much alike. */
  public static final String WITH_ERLANG_MK = "asciideck";

  /** Those that are not so plain: a version out of git, no rebar.config, dependencies of Hex. */
  public static final List<String> OTHERS =
      List.of("cf", "erlang-jose", "mochiweb", "erlang-uuid", "lager", "jiffy");

  private static @Nullable DebianLibraries fetched;

  /** One of them: a bare repository whose one commit has the tag {@code tag}. */
  public record Library(String name, Path repository, String tag) {
    /** Its clone URL. */
    public String url() {
      return "file://" + repository;
    }
  }

  private final List<Library> libraries;
  private final String complaint;

  private DebianLibraries(List<Library> libraries, String complaint) {
    this.libraries = libraries;
    this.complaint = complaint;
  }

  /** The library, or an aborted test. */
  public static Library require(String name) {
    DebianLibraries known = fetchOnce();
    return known.libraries.stream()
        .filter(library -> library.name().equals(name))
        .findFirst()
        .orElseGet(() -> Assumptions.abort("no " + name + ": " + known.complaint));
  }

  /** All nine of them, in the order of {@link #NAMES}, or an aborted test. */
  public static List<Library> requireAll() {
    return NAMES.stream().map(DebianLibraries::require).toList();
  }

  private static synchronized DebianLibraries fetchOnce() {
    if (fetched == null) {
      fetched =
          fetch(Stream.of(List.of(WITH_ERLANG_MK), NAMES, OTHERS).flatMap(List::stream).toList());
    }
    return fetched;
  }

  /** All tags of those {@code names} that the mirror has; what it lacks is left out. */
  public static List<Library> all(List<String> names) {
    return fetch(names).libraries;
  }

  private static DebianLibraries fetch(List<String> names) {
    try {
      Path folder = TestCache.folder().resolve("libraries");
      Program.Ended ended =
          DebianScript.run(
              "debian-libraries",
              Map.of(),
              Stream.concat(Stream.of(folder.toString()), names.stream()).toArray(String[]::new));
      return new DebianLibraries(
          ended.output().lines().map(DebianLibraries::parse).toList(), ended.errors().strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Library parse(String line) {
    int blank = line.lastIndexOf(' ');
    Path repository = Path.of(line.substring(0, blank));
    String file = repository.getFileName().toString();
    String name = file.substring(0, file.length() - ".git".length());
    return new Library(name, repository, line.substring(blank + 1));
  }
}
