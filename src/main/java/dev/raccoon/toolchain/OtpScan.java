package dev.raccoon.toolchain;

import dev.raccoon.toolchain.OtpInspection.Installed;
import dev.raccoon.toolchain.OtpInspection.NotInstalled;
import dev.raccoon.toolchain.OtpInstallations.Rejected;
import dev.raccoon.value.OtpVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
  private final Set<Path> seen = new HashSet<>();
  private final InspectionMemory memory;

  OtpScan(InspectionMemory memory) {
    this.memory = memory;
  }

  OtpInstallations run(OtpSearch search) {
    search.programPath().forEach(this::program);
    search.usualRoots().stream().filter(Files::exists).forEach(this::root);
    search.named().forEach(this::named);
    search.kerlBase().ifPresent(this::kerl);
    return new OtpInstallations(List.copyOf(found.values()), rejected);
  }

  /** The {@code erl} of a folder of the PATH is a symbolic link to its installation's. */
  private void program(Path folder) {
    Path erl = folder.resolve("erl");
    if (!folder.isAbsolute() || !OtpInspection.isExecutableFile(erl)) {
      return;
    }
    try {
      Path bin = erl.toRealPath().getParent();
      if (bin != null && bin.getParent() != null) {
        root(bin.getParent());
      }
    } catch (IOException e) {
      reject(erl, "it cannot be read");
    }
  }

  private void named(Path entry) {
    if (!Files.isDirectory(entry)) {
      reject(entry, "there is no such folder");
    } else if (looksInstalled(entry)) {
      root(entry);
    } else {
      folderOfRoots(entry);
    }
  }

  private void folderOfRoots(Path folder) {
    try {
      List<Path> roots =
          OtpInspection.entries(folder).stream().filter(OtpScan::looksInstalled).toList();
      if (roots.isEmpty()) {
        reject(folder, "neither it nor a folder in it has a bin/erl");
      }
      roots.forEach(this::root);
    } catch (IOException e) {
      reject(folder, "it cannot be read");
    }
  }

  private static boolean looksInstalled(Path folder) {
    return Files.exists(folder.resolve("bin/erl"));
  }

  /** kerl writes a line {@code NAME PATH} for each installation that it made. */
  private void kerl(Path base) {
    Path list = base.resolve("otp_installations");
    if (!Files.isRegularFile(list)) {
      return;
    }
    try (InputStream in = Files.newInputStream(list)) {
      String lines = new String(in.readNBytes(MAX_KERL_BYTES), StandardCharsets.UTF_8);
      lines.lines().map(String::strip).forEach(this::kerlLine);
    } catch (IOException e) {
      reject(list, "it cannot be read");
    }
  }

  private void kerlLine(String line) {
    int blank = line.indexOf(' ');
    Optional<Path> path = blank < 0 ? Optional.empty() : OtpSearch.path(line.substring(blank + 1));
    path.filter(Path::isAbsolute).ifPresent(this::kerlRoot);
  }

  private void kerlRoot(Path root) {
    if (Files.isDirectory(root)) {
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
