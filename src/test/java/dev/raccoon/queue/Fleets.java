package dev.raccoon.queue;

import dev.raccoon.toolchain.OtpInstallations;
import dev.raccoon.value.OtpVersion;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/** Nodes for tests: one that is this one, as if it were on a machine of its own. */
public final class Fleets {
  private Fleets() {}

  /** A node with two slots that has those Erlang/OTP versions. */
  static Fleet of(Jdbi jdbi, UUID node, String... versions) {
    return new Fleet(new NodeStore(jdbi), () -> says(node, 2, versions));
  }

  /** A node that has what {@code installations} has. */
  public static Fleet with(Jdbi jdbi, Supplier<OtpInstallations> installations) {
    UUID node = UUID.randomUUID();
    return new Fleet(
        new NodeStore(jdbi),
        () ->
            says(
                node,
                2,
                installations.get().all().stream()
                    .map(otp -> otp.version().text())
                    .toArray(String[]::new)));
  }

  static Node.Announcement says(UUID node, int slots, String... versions) {
    List<OtpVersion> otp = Stream.of(versions).map(OtpVersion::new).toList();
    return new Node.Announcement(node, "a-machine", "x86_64", "test", slots, otp, Optional.empty());
  }

  /** What one says whose sandbox or work folder is broken. */
  static Node.Announcement cannotBuild(UUID node, String... versions) {
    return says(node, 0, versions);
  }
}
