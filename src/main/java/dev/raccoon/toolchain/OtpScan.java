package dev.raccoon.toolchain;

import dev.raccoon.toolchain.OtpInspection.Installed;
import dev.raccoon.toolchain.OtpInspection.NotInstalled;
import dev.raccoon.toolchain.OtpInspection.Unreadable;
import dev.raccoon.toolchain.OtpInstallations.Rejected;
import dev.raccoon.value.OtpVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One search in progress: the first place that has a version wins. For one thread. */
final class OtpScan {
  private static final int MAX_KERL_BYTES = 256 * 1024;

  private final Map<OtpVersion, OtpInstallation> found = new LinkedHashMap<>();
  private final List<Rejected> rejected = new ArrayList<>();
  private final List<Path> unread = new ArrayList<>();
  private final Set<Path> seen = new HashSet<>();
  private final InspectionMemory memory;

  OtpScan(InspectionMemory memory) {
    this.memory = memory;
  }

  OtpInstallations run(OtpSearch search) {
    search.programPath().forEach(folder -> look(folder, this::program));
    search.usualRoots().forEach(root -> look(root, this::usual));
    search.named().forEach(entry -> look(entry, this::named));
    search.kerlBase().ifPresent(base -> look(base, this::kerl));
    if (!unread.isEmpty()) {
      // What led to them last may be what cannot be read.
      memory.roots().forEach(this::root);
    }
    return new OtpInstallations(List.copyOf(found.values()), rejected, unread.isEmpty());
  }

  private interface Look {
    void at(Path place) throws IOException;
  }

  private void look(Path place, Look look) {
    try {
      look.at(place);
    } catch (AccessDeniedException e) {
      reject(place, "it may not be read");
    } catch (IOException e) {
      unread(place);
    }
  }

  private void unread(Path place) {
    unread.add(place);
    reject(place, "it cannot be read just now");
  }

  /** The {@code erl} of a folder of the PATH is a symbolic link to its installation's. */
  private void program(Path folder) throws IOException {
    Path erl = folder.resolve("erl");
    if (!folder.isAbsolute() || !OtpFiles.isExecutableFile(erl)) {
      return;
    }
    Path bin = erl.toRealPath().getParent();
    if (bin != null && bin.getParent() != null) {
      root(bin.getParent());
    }
  }

  private void usual(Path root) throws IOException {
    if (OtpFiles.exists(root)) {
      root(root);
    }
  }

  private void named(Path entry) throws IOException {
    if (!OtpFiles.isFolder(entry)) {
      reject(entry, "there is no such folder");
    } else if (looksInstalled(entry)) {
      root(entry);
    } else {
      folderOfRoots(entry);
    }
  }

  private void folderOfRoots(Path folder) throws IOException {
    int before = seen.size() + unread.size();
    for (Path entry : OtpInspection.entries(folder)) {
      look(entry, this::oneOfSeveral);
    }
    if (seen.size() + unread.size() == before) {
      reject(folder, "neither it nor a folder in it has a bin/erl");
    }
  }

  private void oneOfSeveral(Path entry) throws IOException {
    if (looksInstalled(entry)) {
      root(entry);
    }
  }

  private static boolean looksInstalled(Path folder) throws IOException {
    return OtpFiles.exists(folder.resolve("bin/erl"));
  }

  /** kerl writes a line {@code NAME PATH} for each installation that it made. */
  private void kerl(Path base) throws IOException {
    Path list = base.resolve("otp_installations");
    if (!OtpFiles.isFile(list)) {
      return;
    }
    try (InputStream in = Files.newInputStream(list)) {
      String lines = new String(in.readNBytes(MAX_KERL_BYTES), StandardCharsets.UTF_8);
      lines.lines().map(String::strip).forEach(this::kerlLine);
    }
  }

  private void kerlLine(String line) {
    int blank = line.indexOf(' ');
    Optional<Path> path = blank < 0 ? Optional.empty() : OtpSearch.path(line.substring(blank + 1));
    path.filter(Path::isAbsolute).ifPresent(root -> look(root, this::kerlRoot));
  }

  private void kerlRoot(Path root) throws IOException {
    if (OtpFiles.isFolder(root)) {
      root(root);
    } else {
      reject(root, "kerl lists it, but there is no such folder");
    }
  }

  private void root(Path folder) {
    if (!seen.add(realOr(folder))) {
      return;
    }
    switch (memory.inspect(folder)) {
      case NotInstalled(String reason) -> reject(folder, reason);
      case Unreadable() -> unread(folder);
      case Installed(OtpInstallation installation) -> add(installation);
    }
  }

  private void add(OtpInstallation installation) {
    OtpInstallation first = found.putIfAbsent(installation.version(), installation);
    if (first != null) {
      reject(
          installation.root(),
          "OTP " + first.version() + " was found at " + first.root() + " first");
    }
  }

  private void reject(Path path, String reason) {
    rejected.add(new Rejected(path, reason));
  }

  private static Path realOr(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return folder;
    }
  }
}
