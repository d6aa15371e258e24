package dev.raccoon.otp;

import dev.raccoon.toolchain.OtpInstallation;
import dev.raccoon.toolchain.OtpInventory;
import dev.raccoon.value.OtpVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs the Erlang/OTP versions that administrators ask this node for, one at a time. What it
 * was about when the server ended is begun again by the next one.
 */
public final class OtpInstaller implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(OtpInstaller.class);
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final UUID node;
  private final OtpInstallStore store;
  private final OtpInventory inventory;
  private final Kerl kerl;
  private final Runnable installed;
  private final Pulse pulse = new Pulse("otp-installer", PAUSE, this::all);

  /**
   * Installs for {@code node} with {@code kerl}, if there is one, and tells {@code installed} of
   * it. Nothing is done before {@link #start}.
   */
  public OtpInstaller(
      UUID node,
      OtpInstallStore store,
      OtpInventory inventory,
      KerlSettings kerl,
      Runnable installed) {
    this.node = node;
    this.store = store;
    this.inventory = inventory;
    this.kerl = new Kerl(kerl);
    this.installed = installed;
  }

  /** Begins with what there is to do. */
  public void start() {
    pulse.start();
  }

  /** Looks soon: somebody has asked for something. */
  public void wake() {
    pulse.wake();
  }

  private void all() throws IOException, InterruptedException {
    for (var next = store.next(node); next.isPresent(); next = store.next(node)) {
      one(next.get());
    }
  }

  private void one(OtpInstall install) throws InterruptedException {
    logger.info("Erlang/OTP {} is installed, as number {}", install.version(), install.id());
    InstallLog log = new InstallLog(store, install.id(), InstallLog.MOST_BYTES);
    Optional<String> trouble = trouble(install.version(), log);
    log.say(trouble.orElse("OTP " + install.version() + " is there."));
    log.flush();
    store.end(install.id(), trouble);
    logger.info("Erlang/OTP {}: {}", install.version(), trouble.orElse("installed"));
    installed.run();
  }

  /** Why it could not be installed. */
  private Optional<String> trouble(OtpVersion version, InstallLog log) throws InterruptedException {
    try {
      if (find(version).isPresent()) {
        return Optional.empty();
      }
      return switch (kerl.install(version, log)) {
        case Kerl.Result.Failed(String sentence) -> Optional.of(sentence);
        case Kerl.Result.Installed(Path root) ->
            find(version).isPresent() ? Optional.empty() : Optional.of(unusable(version, root));
      };
    } catch (IOException e) {
      return Optional.of("OTP " + version + " could not be installed: " + e.getMessage());
    }
  }

  private Optional<OtpInstallation> find(OtpVersion version) {
    return inventory.rescan().all().stream()
        .filter(otp -> otp.version().equals(version))
        .findFirst();
  }

  private String unusable(OtpVersion version, Path root) {
    List<String> reasons =
        inventory.get().rejected().stream()
            .filter(rejected -> rejected.path().endsWith(root.getFileName()))
            .map(rejected -> ": " + rejected.reason())
            .toList();
    return "kerl installed OTP %s in %s, but it cannot be used there%s."
        .formatted(version, root, String.join("", reasons));
  }

  @Override
  public void close() {
    pulse.close();
  }
}
