package dev.raccoon.toolchain;

import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.OtpVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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

  /** It cannot be told: the disk is in trouble. */
  record Unreadable() implements OtpInspection {}

  /** More entries of a folder are not looked at. */
  int MAX_ENTRIES = 1000;

  static OtpInspection inspect(Path folder) {
    try {
      if (!OtpFiles.isFolder(folder)) {
        return new NotInstalled("there is no such folder");
      }
      Path root = folder.toRealPath();
      if (!OtpFiles.isExecutableFile(root.resolve("bin/erl"))) {
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
    } catch (NoSuchFileException e) {
      return new NotInstalled("it is being removed");
    } catch (AccessDeniedException e) {
      return new NotInstalled("it may not be read");
    } catch (IOException e) {
      return new Unreadable();
    }
  }

  /** A folder's entries in a fixed order. */
  static List<Path> entries(Path folder) throws IOException {
    return TreeFolder.first(folder, MAX_ENTRIES, path -> true).stream()
        .map(folder::resolve)
        .toList();
  }

  private static Optional<String> newestErts(Path root) throws IOException {
    for (Path erts : numbered(root, Pattern.compile("erts-([0-9]{1,5}(\\.[0-9]{1,5}){0,5})"))) {
      if (OtpFiles.isFile(erts.resolve("bin/beam.smp"))) {
        return Optional.of(erts.getFileName().toString().substring("erts-".length()));
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> versionFile(Path root) throws IOException {
    Path releases = root.resolve("releases");
    if (!OtpFiles.isFolder(releases)) {
      return Optional.empty();
    }
    for (Path release : numbered(releases, Pattern.compile("([0-9]{1,5})"))) {
      Path file = release.resolve("OTP_VERSION");
      if (OtpFiles.isFile(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
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
