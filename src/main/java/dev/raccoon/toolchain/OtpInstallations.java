package dev.raccoon.toolchain;

import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.OtpVersion;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The Erlang/OTP installations that one scan found: at most one of each exact version. Immutable;
 * {@link OtpInventory} notices what was installed since.
 */
public final class OtpInstallations {
  /** Before anybody could look. */
  static final OtpInstallations UNKNOWN = new OtpInstallations(List.of(), List.of(), false);

  private final List<OtpInstallation> newestFirst;
  private final List<Rejected> rejected;
  private final boolean complete;

  /**
   * A place that a person may have meant as an installation and that is not used.
   *
   * @param reason the end of a sentence about {@code path}: "there is no bin/erl that can be run"
   */
  public record Rejected(Path path, String reason) {}

  OtpInstallations(List<OtpInstallation> found, List<Rejected> rejected, boolean complete) {
    this.newestFirst =
        found.stream().sorted(Comparator.comparing(OtpInstallation::version).reversed()).toList();
    this.rejected = List.copyOf(rejected);
    this.complete = complete;
  }

  /** Looks everywhere that {@code search} says; what cannot be read is rejected, never thrown. */
  public static OtpInstallations scan(OtpSearch search) {
    return new OtpScan(new InspectionMemory(Clock.systemUTC())).run(search);
  }

  /** The newest installation that serves {@code asked}. */
  public Optional<OtpInstallation> find(OtpSelector asked) {
    return newestFirst.stream().filter(found -> asked.matches(found.version())).findFirst();
  }

  /** All of them, the newest version first. */
  public List<OtpInstallation> all() {
    return newestFirst;
  }

  /** The one of the highest version. */
  public Optional<OtpInstallation> newest() {
    return newestFirst.stream().findFirst();
  }

  /** What looked like an installation and is not used, for the start's log. */
  public List<Rejected> rejected() {
    return rejected;
  }

  /** Whether all places could be looked at: where not, there may be more than was found. */
  public boolean isComplete() {
    return complete;
  }

  /** What there is, within a sentence: "OTP 27.3.4 and 25.2.3", or "no OTP at all". */
  public String describe() {
    return describe(newestFirst.stream().map(OtpInstallation::version).toList());
  }

  /** The same of {@code newestFirst}. */
  public static String describe(List<OtpVersion> newestFirst) {
    List<String> versions = newestFirst.stream().map(OtpVersion::text).toList();
    if (versions.isEmpty()) {
      return "no OTP at all";
    }
    if (versions.size() == 1) {
      return "OTP " + versions.getFirst();
    }
    String allButLast =
        versions.stream().limit(versions.size() - 1L).collect(Collectors.joining(", "));
    return "OTP " + allButLast + " and " + versions.getLast();
  }
}
