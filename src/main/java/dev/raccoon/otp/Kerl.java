package dev.raccoon.otp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.sandbox.WorkFolder;
import dev.raccoon.value.OtpVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Builds and installs Erlang/OTP with the operator's kerl, as this server's user. Its forms are
 * those of kerl 4.4. For one thread.
 */
final class Kerl {
  private static final long MOST_LIST_BYTES = 1 << 20;

  private final KerlSettings places;

  sealed interface Result {
    record Installed(Path root) implements Result {}

    /**
     * It could not be done.
     *
     * @param sentence why
     */
    record Failed(String sentence) implements Result {}
  }

  Kerl(KerlSettings places) {
    this.places = places;
  }

  /** Installs {@code version}, which takes some minutes; what is printed goes to {@code log}. */
  Result install(OtpVersion version, InstallLog log) throws IOException, InterruptedException {
    Optional<Path> program = program();
    if (program.isEmpty()) {
      return new Result.Failed(
          "This server has no kerl: its operator must install it, or name it in RACCOON_KERL.");
    }
    KerlCommand kerl = new KerlCommand(program.get(), places.base());
    boolean built = lines("otp_builds").anyMatch((version + "," + version)::equals);
    Optional<String> trouble = built ? Optional.empty() : build(kerl, version, log);
    if (trouble.isEmpty() && !built) {
      Files.writeString(mark(version), "");
    }
    if (trouble.isEmpty()) {
      trouble = put(kerl, version, log);
    }
    if (trouble.isPresent()) {
      return new Result.Failed(trouble.get());
    }
    if (Files.exists(mark(version))) {
      // It is some hundred megabytes, and of no more use.
      kerl.run(log, List.of("delete", "build", version.text()));
    }
    return new Result.Installed(root(version));
  }

  private Optional<Path> program() {
    return Stream.concat(
            places.program().stream(),
            places.program().isPresent()
                ? Stream.empty()
                : places.searchPath().stream().map(folder -> folder.resolve("kerl")))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  private Optional<String> build(KerlCommand kerl, OtpVersion version, InstallLog log)
      throws IOException, InterruptedException {
    if (Files.exists(places.base().resolve("otp_releases"))
        && lines("otp_releases").noneMatch(version.text()::equals)) {
      // Its list may be older than the release. If this fails, the build says why.
      var _ = step(kerl, version, log, List.of("update", "releases"));
    }
    // What a server that was killed has left behind would keep kerl from it for two weeks.
    Files.deleteIfExists(buildFolder(version).resolve("build.lock"));
    return step(kerl, version, log, List.of("build", version.text(), version.text()));
  }

  private Optional<String> put(KerlCommand kerl, OtpVersion version, InstallLog log)
      throws IOException, InterruptedException {
    // If anything is there, it is no whole installation: that would have been found.
    WorkFolder.delete(root(version));
    Files.createDirectories(places.installations());
    return step(kerl, version, log, List.of("install", version.text(), root(version).toString()));
  }

  /** What went wrong, if anything did. */
  private Optional<String> step(
      KerlCommand kerl, OtpVersion version, InstallLog log, List<String> arguments)
      throws IOException, InterruptedException {
    String verb = arguments.getFirst();
    log.say("$ kerl " + String.join(" ", arguments));
    log.flush();
    LiveLog live =
        LiveLog.of(buildFolder(version).resolve("otp_" + verb + "_" + version + ".log"), log);
    KerlCommand.Ended ended;
    try (live) {
      ended = kerl.run(log, arguments);
    }
    return ended.well()
        ? Optional.empty()
        : Optional.of(sentence(verb, version, ended.messages(), live.lastWords()));
  }

  private static String sentence(
      String verb, OtpVersion version, LastWords messages, LastWords printed) {
    String why =
        messages.firstThatBegins("ERROR:").or(messages::last).orElse("it did not say why.");
    String cause =
        printed
            .lastThatHas("error: ")
            .or(printed::beforeMakeGaveUp)
            .map(line -> " (" + line + ")")
            .orElse("");
    return "kerl could not %s OTP %s: %s%s".formatted(verb, version, why, cause);
  }

  /** Tells a build of ours, which an earlier try may have left, from one of the operator's own. */
  private Path mark(OtpVersion version) {
    return buildFolder(version).resolve("by-raccoon");
  }

  private Path buildFolder(OtpVersion version) {
    return places.base().resolve("builds").resolve(version.text());
  }

  private Path root(OtpVersion version) {
    return places.installations().resolve(version.text());
  }

  private Stream<String> lines(String list) throws IOException {
    Path file = places.base().resolve(list);
    return Files.exists(file) && Files.size(file) <= MOST_LIST_BYTES
        ? new String(Files.readAllBytes(file), UTF_8).lines()
        : Stream.empty();
  }
}
