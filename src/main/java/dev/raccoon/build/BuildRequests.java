package dev.raccoon.build;

import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.BuildStore;
import dev.raccoon.catalog.Recorded;
import dev.raccoon.catalog.RequestStore;
import dev.raccoon.catalog.Wanted;
import dev.raccoon.queue.Fleet;
import dev.raccoon.source.GitHosts;
import dev.raccoon.source.SourceFetcher;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes requests for builds. Asked again for a commit and an OTP version that is built, it answers
 * the same build; so it looks whether the ref still names that commit, for a moment at most.
 */
public final class BuildRequests {
  /** Entries of one request. */
  public static final int MAX_WANTED = 100;

  private static final Duration LOOK = Duration.ofSeconds(3);
  private static final int LOOKS_AT_ONCE = 16;

  private final RequestStore requests;
  private final BuildStore builds;
  private final GitHosts hosts;
  private final CurrentCommits current;
  private final Fleet fleet;

  /** Takes requests into {@code requests}. */
  public BuildRequests(
      RequestStore requests,
      BuildStore builds,
      GitHosts hosts,
      SourceFetcher fetcher,
      Fleet fleet) {
    this.requests = requests;
    this.builds = builds;
    this.hosts = hosts;
    this.current = new CurrentCommits(fetcher, LOOK, LOOKS_AT_ONCE);
    this.fleet = fleet;
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
    List<Wanted> entries = wanted.isEmpty() ? List.of(Wanted.ANYTHING) : wanted;
    return requests.record(
        new RequestStore.NewRequest(name, url, Build.Origin.API, known(name, url, entries)));
  }

  /**
   * Refuses a repository that only this server can reach and that is the source of a package in a
   * private namespace, unless {@code mayBuild} says that the sender may build there. What anybody
   * can clone is nobody's secret.
   *
   * @throws InvalidValueException with what is said of a repository that is not there
   */
  public void check(CloneUrl url, Predicate<String> mayBuild) {
    if (hosts.isReachedByUsAlone(url) && !builds.privateSources(url).stream().allMatch(mayBuild)) {
      throw new InvalidValueException(
          "There is no repository that anyone may read at " + url + ".");
    }
  }

  /**
   * Asks for a new build of what {@code build} built, whatever came of that.
   *
   * @throws InvalidValueException when its ref is known to name another commit now
   */
  public Recorded rebuild(Build build) throws InterruptedException {
    hosts.check(build.cloneUrl());
    refuseMoved(build);
    Wanted same =
        new Wanted(build.ref(), build.askedOtp().or(() -> build.otp().map(OtpSelector::new)));
    return requests.record(
        new RequestStore.NewRequest(
            build.name(),
            build.cloneUrl(),
            Build.Origin.REBUILD,
            List.of(new Wanted.OrBuilt(same, Optional.empty(), Optional.empty()))));
  }

  private void refuseMoved(Build build) throws InterruptedException {
    if (build.ref().isEmpty() || build.commit().isEmpty()) {
      return;
    }
    Ref ref = build.ref().get();
    String then = build.commit().get();
    String now = current.of(build.cloneUrl(), Set.of(ref)).getOrDefault(ref, then);
    if (!now.equals(then)) {
      throw new InvalidValueException(
          ref
              + " names commit "
              + now
              + " now, but that build was of "
              + then
              + ": ask for a build of "
              + ref
              + ", or of that commit.");
    }
  }

  /** What is known of each entry: one look at the remote for all whose commit matters. */
  private List<Wanted.OrBuilt> known(PackageName name, CloneUrl url, List<Wanted> entries)
      throws InterruptedException {
    Map<Wanted, BuildStore.Built> good = new HashMap<>();
    Set<Ref> running = builds.running(name);
    Set<Ref> moving = new HashSet<>();
    for (Wanted entry : entries) {
      Optional<Ref> ref = entry.ref();
      Optional<BuildStore.Built> built = ref.flatMap(r -> newestGood(name, r, entry.otp()));
      built.ifPresent(found -> good.put(entry, found));
      ref.filter(r -> built.isPresent() || running.contains(r)).ifPresent(moving::add);
    }
    Map<Ref, String> commits = current.of(url, moving);
    return entries.stream().map(entry -> known(entry, good.get(entry), commits)).toList();
  }

  private static Wanted.OrBuilt known(
      Wanted entry, BuildStore.@Nullable Built good, Map<Ref, String> commits) {
    Optional<String> commit = entry.ref().map(commits::get);
    Optional<BuildId> built =
        Optional.ofNullable(good)
            .filter(found -> commit.equals(Optional.of(found.commit())))
            .map(BuildStore.Built::build);
    return new Wanted.OrBuilt(entry, built, commit);
  }

  private Optional<BuildStore.Built> newestGood(
      PackageName name, Ref ref, Optional<OtpSelector> otp) {
    return otp.flatMap(fleet::newest).flatMap(version -> builds.newestGood(name, ref, version));
  }
}
