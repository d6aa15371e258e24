package dev.raccoon.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.config.Settings;
import dev.raccoon.process.User;
import dev.raccoon.sandbox.ControlGroups;
import dev.raccoon.sandbox.Sandbox;
import dev.raccoon.testing.DebianOtp;
import dev.raccoon.testing.Program;
import dev.raccoon.toolchain.OtpInstallation;
import dev.raccoon.toolchain.OtpInstallations;
import dev.raccoon.toolchain.OtpSearch;
import dev.raccoon.toolchain.RepositoryConfig;
import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real programs on real OTPs, tried in the real sandbox. */
class ProgramsTest {
  private static final List<Path> PATH = List.of(Path.of("/usr/bin"), Path.of("/bin"));

  @TempDir private static Path shared;
  @TempDir private Path folder;

  private static Sandbox sandbox;
  private static Trial trial;
  private static OtpInstallation otp25;

  @BeforeAll
  static void start() throws IOException {
    assumeFalse(User.isRoot(), "this is root, whom the kernel's limits do not hold");
    BuildLimits limits = Settings.of(Map.of()).builds().limits();
    sandbox =
        new Sandbox(
            shared.resolve("sandbox"),
            Sandbox.Mode.BUBBLEWRAP,
            ControlGroups.find("programs", "no-such-folder"),
            limits);
    trial = new Trial(sandbox, limits, shared.resolve("trials"), Clock.systemUTC());
    otp25 = installation(Path.of("/usr/lib/erlang"));
  }

  @AfterAll
  static void stop() {
    if (sandbox != null) {
      sandbox.close();
    }
  }

  @Test
  void theRebar3OfThePathIsTakenOnceHoweverOftenItIsThere() throws Exception {
    Rebar3Program found = rebar3(List.of(), PATH).on(otp25).orElseThrow();
    assertThat(found.file()).isEqualTo(Path.of("/usr/bin/rebar3"));
    assertThat(found.version()).matches("3\\.[0-9]+\\..*");
  }

  @Test
  void aRebar3OfAnyNameRunsInTheSandbox() throws Exception {
    Path named = Files.copy(Path.of("/usr/bin/rebar3"), folder.resolve("rebar3-3.19.0-debian"));
    Rebar3Programs programs = rebar3(List.of(named), PATH);

    Rebar3Program found = programs.on(otp25).orElseThrow();

    assertThat(found.file().getFileName()).hasToString("rebar3");
    assertThat(found.file().toRealPath()).isEqualTo(named.toRealPath());
    assertThat(found.readable()).contains(found.file(), named.toRealPath());
    assertThat(programs.on(otp25)).contains(found);
  }

  @Test
  void ofSeveralTheNewestThatRunsOnAnOtpIsTaken() throws Exception {
    OtpInstallation otp27 = installation(DebianOtp.require("trixie"));
    escript("rebar3-3.9", "3.9.1", "_ -> true");
    escript("rebar3-3.24", "3.24.0", "\"27\" -> true; _ -> false");
    escript("rebar3-3.30", "3.30.0-rc.1", "_ -> false");
    escript("rebar4", "4.0.0", "_ -> true");
    Files.writeString(folder.resolve("rebar3-notes"), "no program");
    Rebar3Programs programs = rebar3(List.of(folder), PATH);

    assertThat(programs.on(otp25).orElseThrow().version()).isEqualTo("3.9.1");
    assertThat(programs.on(otp27).orElseThrow().version()).isEqualTo("3.24.0");

    escript("rebar3-3.26", "3.26.0", "_ -> true");
    assertThat(programs.on(otp25).orElseThrow().version())
        .as("installed since")
        .isEqualTo("3.26.0");
  }

  @Test
  void whereNoneRunsTheSentenceNamesThoseThatThereAre() throws Exception {
    OtpInstallation otp27 = installation(DebianOtp.require("trixie"));
    Rebar3Programs none = rebar3(List.of(folder), PATH);
    assertThat(none.on(otp25)).isEmpty();
    assertThat(none.any()).isFalse();
    assertThat(none.noneOn(otp25))
        .isEqualTo("This server has no rebar3: its operator must install it.");

    escript("rebar3-b", "3.24.0", "\"27\" -> true; _ -> false");
    Rebar3Programs one = rebar3(List.of(folder), PATH);
    assertThat(one.on(otp25)).isEmpty();
    assertThat(one.noneOn(otp25))
        .isEqualTo(
            "This server's rebar3 does not run on OTP "
                + otp25.version()
                + ": its operator must install one that does.");
    assertThat(one.on(otp27)).isPresent();
    assertThat(one.noneOn(otp25)).startsWith("This server's rebar3 3.24.0 does not run on OTP 25");

    escript("rebar3-a", "3.100.0", "\"27\" -> true; _ -> false");
    assertThat(one.on(otp25)).isEmpty();
    assertThat(one.on(otp27).orElseThrow().version()).isEqualTo("3.100.0");
    assertThat(one.noneOn(otp25))
        .startsWith("This server's rebar3 3.24.0 and 3.100.0 do not run on OTP 25");
  }

  @Test
  void whatPrintsNoVersionOrIsRemovedIsNoRebar3() throws Exception {
    Path odd = escript("rebar3", "not-a-version", "_ -> true");
    Rebar3Programs programs = rebar3(List.of(odd), PATH);
    assertThat(programs.on(otp25)).isEmpty();
    Files.delete(odd);
    assertThat(programs.on(otp25)).isEmpty();
    assertThat(programs.any()).isFalse();
  }

  @Test
  void elixirIsFoundByThePathAndByItsRoot() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/elixir")), "Elixir is not installed");
    Elixir found = elixir(List.of(), PATH).on(otp25).orElseThrow();
    assertThat(found.root()).isEqualTo(Path.of("/usr/lib/elixir"));
    assertThat(found.version()).matches("1\\.[0-9]+\\.[0-9]+");
    assertThat(elixir(List.of(found.root()), List.of()).on(otp25)).contains(found);
    assertThat(elixir(List.of(), List.of(folder)).on(otp25)).as("the usual place").contains(found);

    Path copies = Files.createDirectory(folder.resolve("copies"));
    copy(found.root(), copies.resolve("elixir-1"));
    Elixir copied = elixir(List.of(copies), PATH).on(otp25).orElseThrow();
    assertThat(copied.root()).isEqualTo(copies.resolve("elixir-1").toRealPath());

    OtpInstallation otp27 = installation(DebianOtp.require("trixie"));
    assertThat(elixir(List.of(), PATH).on(otp27)).contains(found);
  }

  @Test
  void anElixirThatLacksSomethingIsNone() throws Exception {
    Path root = Files.createDirectories(folder.resolve("bin")).getParent();
    ElixirPrograms programs = elixir(List.of(root), PATH);
    assertThat(programs.on(otp25)).isEmpty();
    assertThat(programs.noneOn(otp25))
        .isEqualTo("This server has no Elixir: its operator must install it.");
  }

  @Test
  void whatAMakefileCallsByNameIsTheProgramThatFits() throws Exception {
    Path named = escript("rebar3-9", "9.9.9", "_ -> true");
    Rebar3Programs programs = rebar3(List.of(named), PATH);
    CalledPrograms called = new CalledPrograms(programs, elixir(List.of(), PATH));
    Path tree = Files.createDirectory(folder.resolve("tree"));
    Files.writeString(tree.resolve("Makefile"), "all:\n\terlc src/x.erl\n");
    assertThat(path(called, tree)).isEqualTo(otp25.bin() + ":/usr/local/bin:/usr/bin:/bin");

    Files.writeString(tree.resolve("Makefile"), "all:\n\trebar3 compile\n");
    Rebar3Program found = programs.on(otp25).orElseThrow();
    assertThat(path(called, tree)).startsWith(otp25.bin() + ":" + found.folder() + ":");

    assumeTrue(Files.exists(Path.of("/usr/bin/elixir")), "Elixir is not installed");
    Files.createDirectories(tree.resolve("deps/cli"));
    Files.writeString(tree.resolve("deps/cli/mix.exs"), "");
    assertThat(path(called, tree))
        .startsWith(otp25.bin() + ":/usr/lib/elixir/bin:" + found.folder() + ":");
  }

  private static String path(CalledPrograms called, Path tree) throws Exception {
    Checkout checkout =
        new Checkout(
            new PackageName("acme", "p"),
            new Ref("1.0.0"),
            tree,
            RepositoryConfig.read(tree),
            otp25);
    List<Path> kept = Output.InPlace.of(tree).kept();
    Task task = called.in(List.of(Configuring.task("make")), checkout, kept).getFirst();
    return task.environment().getOrDefault("PATH", "");
  }

  @Test
  void ofHexArchivesTheNewestThatStartsIsTaken() throws Exception {
    Elixir elixir = elixir(List.of(), PATH).on(otp25).orElse(null);
    assumeTrue(elixir != null, "Elixir is not installed");
    Path older = archive("2.0.9");
    Path newer = archive("2.0.10");
    Files.writeString(folder.resolve("hex-9.9.9.ez"), "no archive");
    HexArchives archives = new HexArchives(List.of(folder), trial);

    assertThat(archives.on(elixir, otp25)).contains(newer.toRealPath());

    Files.delete(newer);
    assertThat(archives.on(elixir, otp25)).contains(older.toRealPath());
    assertThat(new HexArchives(List.of(newer), trial).on(elixir, otp25)).isEmpty();
    assertThat(new HexArchives(List.of(), trial).any()).isFalse();
  }

  private Rebar3Programs rebar3(List<Path> named, List<Path> path) {
    return new Rebar3Programs(new ProgramSearch(named, path), folder.resolve("links"), trial);
  }

  private static ElixirPrograms elixir(List<Path> named, List<Path> path) {
    return new ElixirPrograms(new ProgramSearch(named, path), trial);
  }

  private static OtpInstallation installation(Path root) {
    OtpSearch search = new OtpSearch(List.of(), List.of(), List.of(root), Optional.empty());
    Optional<OtpInstallation> found = OtpInstallations.scan(search).newest();
    assumeTrue(found.isPresent(), "there is no Erlang/OTP at " + root);
    return found.get();
  }

  /** A program that says it is a rebar3, on those OTP releases that {@code clauses} say. */
  private Path escript(String name, String version, String clauses) throws IOException {
    String program =
        """
        #!/usr/bin/env escript
        main(["version"]) ->
            Release = erlang:system_info(otp_release),
            true = case Release of %s end,
            io:format("rebar %s on Erlang/OTP ~s Erts ~s~n",
                      [Release, erlang:system_info(version)]).
        """
            .formatted(clauses, version);
    Path file = Files.writeString(folder.resolve(name), program);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** An archive as {@code mix archive.build} makes it, of an application hex. */
  private Path archive(String version) throws IOException, InterruptedException {
    Path project = Files.createDirectories(folder.resolve("project-" + version));
    Files.writeString(
        project.resolve("mix.exs"),
        """
        defmodule Hex.MixProject do
          use Mix.Project
          def project, do: [app: :hex, version: "%s"]
        end
        """
            .formatted(version));
    Files.createDirectory(project.resolve("lib"));
    Files.writeString(project.resolve("lib/hex.ex"), "defmodule Hex do\nend\n");
    Path archive = folder.resolve("hex-" + version + ".ez");
    ProcessBuilder builder =
        new ProcessBuilder("mix", "do", "compile", "+", "archive.build", "-o", archive.toString());
    builder.directory(project.toFile());
    builder.environment().putAll(Map.of("HOME", folder.toString(), "LANG", "C.UTF-8"));
    Program.Ended ended = Program.run(builder);
    assertThat(ended.status()).as(ended.output() + ended.errors()).isZero();
    return archive;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
