package dev.raccoon.toolchain;

import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.OtpVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a closer look at a folder shows: an installation, or why it is none. */
sealed interface OtpInspection {
  record Installed(OtpInstallation installation) implements OtpInspection {}

  record NotInstalled(String reason) implements OtpInspection {}

  /** More entries of a folder are not looked at. */
  int MAX_ENTRIES = 1000;

  static OtpInspection inspect(Path folder) {
    try {
      Path root = folder.toRealPath();
      if (!isExecutableFile(root.resolve("bin/erl"))) {
        return new NotInstalled("there is no bin/erl that can be run");
      }
      Optional<String> erts = newestErts(root);
      if (erts.isEmpty()) {
        return new NotInstalled("there is no erts-…/bin with a beam.smp");
      }
      Optional<Path> versionFile = versionFile(root);
      if (versionFile.isEmpty()) {
        return new NotInstalled("there is no releases/N/OTP_VERSION");
      }
      OtpVersion version = version(versionFile.get());
      return new Installed(
          new OtpInstallation(root, version, erts.get(), LibraryFolders.of(root, erts.get())));
    } catch (InvalidValueException e) {
      return new NotInstalled("its OTP_VERSION holds no version");
    } catch (IOException e) {
      return new NotInstalled("it cannot be read");
    }
  }

  static boolean isExecutableFile(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  /** A folder's entries in a fixed order. */
  static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.limit(MAX_ENTRIES).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Optional<String> newestErts(Path root) throws IOException {
    return numbered(root, Pattern.compile("erts-([0-9]{1,5}(\\.[0-9]{1,5}){0,5})")).stream()
        .filter(erts -> Files.isRegularFile(erts.resolve("bin/beam.smp")))
        .map(erts -> erts.getFileName().toString().substring("erts-".length()))
        .findFirst();
  }

  private static Optional<Path> versionFile(Path root) throws IOException {
    Path releases = root.resolve("releases");
    if (!Files.isDirectory(releases)) {
      return Optional.empty();
    }
    return numbered(releases, Pattern.compile("([0-9]{1,5})")).stream()
        .map(release -> release.resolve("OTP_VERSION"))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /** Entries whose names have a version as the pattern's first group, the highest first. */
  private static List<Path> numbered(Path folder, Pattern form) throws IOException {
    return entries(folder).stream()
        .filter(entry -> form.matcher(entry.getFileName().toString()).matches())
        .sorted(Comparator.comparing(OtpInspection::numbers, Arrays::compare).reversed())
        .toList();
  }

  private static int[] numbers(Path entry) {
    String name = entry.getFileName().toString();
    return Stream.of(name.substring(name.indexOf('-') + 1).split("\\."))
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  private static OtpVersion version(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(200), StandardCharsets.US_ASCII).strip();
      // otp_patch_apply marks an installation that differs from the release with two stars.
      return new OtpVersion(text.endsWith("**") ? text.substring(0, text.length() - 2) : text);
    }
  }
}
