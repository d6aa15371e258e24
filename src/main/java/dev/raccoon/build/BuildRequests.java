package dev.raccoon.build;

import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.BuildStore;
import dev.raccoon.catalog.Recorded;
import dev.raccoon.catalog.RequestStore;
import dev.raccoon.catalog.Wanted;
import dev.raccoon.source.GitHosts;
import dev.raccoon.source.SourceFetcher;
import dev.raccoon.toolchain.OtpInstallations;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests for builds. Asked again for a commit and an OTP version that is built, it answers
 * the same build; so it looks whether the ref still names that commit, for a moment at most.
 */
public final class BuildRequests {
  /** Entries of one request. */
  public static final int MAX_WANTED = 100;

  private static final Logger log = LoggerFactory.getLogger(BuildRequests.class);
  private static final Duration LOOK = Duration.ofSeconds(3);

  private final RequestStore requests;
  private final BuildStore builds;
  private final GitHosts hosts;
  private final SourceFetcher fetcher;
  private final OtpInstallations installations;

  /** Takes requests into {@code requests}. */
  public BuildRequests(
      RequestStore requests,
      BuildStore builds,
      GitHosts hosts,
      SourceFetcher fetcher,
      OtpInstallations installations) {
    this.requests = requests;
    this.builds = builds;
    this.hosts = hosts;
    this.fetcher = fetcher;
    this.installations = installations;
  }

  /**
   * Records a request and queues what it needs; nothing wanted means the newest tag.
   *
   * @throws InvalidValueException when it cannot be accepted; nothing is recorded then
   */
  public Recorded request(PackageName name, CloneUrl url, List<Wanted> wanted)
      throws InterruptedException {
    if (wanted.size() > MAX_WANTED) {
      throw new InvalidValueException("A request has at most " + MAX_WANTED + " versions.");
    }
    hosts.check(url);
    List<Wanted.OrBuilt> entries = new ArrayList<>();
    for (Wanted entry : wanted.isEmpty() ? List.of(Wanted.ANYTHING) : wanted) {
      entries.add(new Wanted.OrBuilt(entry, built(name, url, entry)));
    }
    return requests.record(new RequestStore.NewRequest(name, url, Build.Origin.API, entries));
  }

  /** Asks for a new build of what {@code build} built, whatever came of that. */
  public Recorded rebuild(Build build) {
    Wanted same =
        new Wanted(build.ref(), build.askedOtp().or(() -> build.otp().map(OtpSelector::new)));
    return requests.record(
        new RequestStore.NewRequest(
            build.name(),
            build.cloneUrl(),
            Build.Origin.REBUILD,
            List.of(new Wanted.OrBuilt(same, Optional.empty()))));
  }

  private Optional<BuildId> built(PackageName name, CloneUrl url, Wanted wanted)
      throws InterruptedException {
    Optional<BuildStore.Built> built =
        wanted.ref().flatMap(ref -> installed(name, ref, wanted.otp()));
    return built.isPresent() && names(url, wanted.ref().orElseThrow(), built.get().commit())
        ? Optional.of(built.get().build())
        : Optional.empty();
  }

  private Optional<BuildStore.Built> installed(
      PackageName name, Ref ref, Optional<OtpSelector> otp) {
    return otp.flatMap(installations::find)
        .flatMap(installation -> builds.newestGood(name, ref, installation.version()));
  }

  private boolean names(CloneUrl url, Ref ref, String commit) throws InterruptedException {
    try {
      return fetcher.currentCommit(url, ref, LOOK).equals(Optional.of(commit));
    } catch (IOException e) {
      log.warn("Whether {} {} has moved cannot be told: {}", url, ref, e.getMessage());
      return false;
    }
  }
}
