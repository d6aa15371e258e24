package dev.raccoon.source;

import dev.raccoon.egress.Account;
import dev.raccoon.egress.EgressProxy;
import dev.raccoon.value.CloneUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Fetches the submodules of commits, and theirs, into the repository that those are in: each as a
 * commit beside the others, through the same checks and doors as any repository. For one fetch.
 */
final class SubmoduleFetch {
  /** Submodules within submodules. */
  static final int MAX_DEPTH = 8;

  private final Git git;
  private final GitHosts hosts;
  private final EgressProxy egress;
  private final Into into;
  private final SubmoduleList list;

  /** What came of each so far: the trouble, if there was any. */
  private final Map<Wanted, Optional<FetchResult>> outcomes = new HashMap<>();

  private record Wanted(CloneUrl url, String commit) {}

  /**
   * Where to, until when, and on whose account.
   *
   * @param folder a bare repository
   */
  record Into(Path folder, Deadline deadline, Account account) {}

  SubmoduleFetch(Git git, GitHosts hosts, EgressProxy egress, Into into) {
    this.git = git;
    this.hosts = hosts;
    this.egress = egress;
    this.into = into;
    this.list = new SubmoduleList(git, into.deadline());
  }

  /** A repository whose submodules are still to be looked for; {@code path} ends with a slash. */
  private record Around(CloneUrl url, String commit, String path, int depth) {}

  /** Fetches what {@code commit}, which came from {@code url}, has within it. */
  Submodules of(CloneUrl url, String commit) throws IOException, InterruptedException {
    List<Submodule> all = new ArrayList<>();
    Deque<Around> ahead = new ArrayDeque<>(List.of(new Around(url, commit, "", 0)));
    while (!ahead.isEmpty()) {
      Around around = ahead.remove();
      switch (list.read(into.folder(), around.url(), around.commit())) {
        case SubmoduleList.Result.Refused(String sentence) -> {
          return new Submodules.Refused(asked(all), sentence);
        }
        case SubmoduleList.Result.Listed(List<Submodule> own) -> {
          Optional<Submodules> trouble = take(own, around, all, ahead);
          if (trouble.isPresent()) {
            return trouble.get();
          }
        }
      }
    }
    return new Submodules.Fetched(all);
  }

  /** Fetches those of one repository, and puts theirs {@code ahead}; answers what goes wrong. */
  private Optional<Submodules> take(
      List<Submodule> own, Around around, List<Submodule> all, Deque<Around> ahead)
      throws IOException, InterruptedException {
    for (Submodule one : own) {
      if (around.depth() == MAX_DEPTH || all.size() == SubmoduleList.MAX_SUBMODULES) {
        return Optional.of(new Submodules.Refused(asked(all), tooMany()));
      }
      Submodule found = new Submodule(around.path() + one.path(), one.url(), one.commit());
      all.add(found);
      ahead.add(new Around(found.url(), found.commit(), found.path() + "/", around.depth() + 1));
      Optional<FetchResult> trouble = bring(found);
      if (trouble.isPresent()) {
        return Optional.of(failed(found, trouble.get(), asked(all)));
      }
    }
    return Optional.empty();
  }

  private static Submodules failed(Submodule one, FetchResult trouble, List<CloneUrl> asked) {
    String which = "The submodule " + SubmoduleList.shown(one.path()) + ": ";
    return switch (trouble) {
      case FetchResult.Refused(String why) -> new Submodules.Refused(asked, which + ofIts(why));
      case FetchResult.Unavailable(String why) -> new Submodules.Unavailable(asked, which + why);
      case FetchResult.Fetched ignored -> throw new IllegalArgumentException("no trouble");
    };
  }

  /** The rules of hosts speak of what a request names. */
  private static String ofIts(String why) {
    return why.replace("clone_url", "its url");
  }

  static String tooMany() {
    return "The repository has more than "
        + SubmoduleList.MAX_SUBMODULES
        + " submodules, or they lie more than "
        + MAX_DEPTH
        + " deep in one another.";
  }

  private static List<CloneUrl> asked(List<Submodule> all) {
    return all.stream().map(Submodule::url).toList();
  }

  private Optional<FetchResult> bring(Submodule one) throws IOException, InterruptedException {
    Wanted wanted = new Wanted(one.url(), one.commit());
    Optional<FetchResult> known = outcomes.get(wanted);
    if (known == null) {
      known = fetch(one);
      outcomes.put(wanted, known);
    }
    return known;
  }

  private Optional<FetchResult> fetch(Submodule one) throws IOException, InterruptedException {
    return switch (Remote.of(hosts.origin(one.url()))) {
      case Remote.Not(FetchResult result) -> Optional.of(result);
      case Remote.Reachable(List<String> options, String target) -> bring(one, options, target);
      case Remote.ThroughDoor(CloneUrl host, List<InetAddress> addresses) -> {
        try (GitDoor door = GitDoor.open(egress, git, host, addresses, into.account())) {
          yield bring(one, door.options(), one.url().toString()).map(door::explained);
        }
      }
    };
  }

  /** Brings the very commit that is recorded, whatever the remote's branches name. */
  private Optional<FetchResult> bring(Submodule one, List<String> options, String target)
      throws IOException, InterruptedException {
    String name = RefKind.COMMIT.fullName(one.commit());
    List<String> command =
        SourceFetcher.fetchCommand(options, target, Set.of("+" + one.commit() + ":" + name));
    Git.Result fetched = git.run(into.folder(), into.deadline().left(), command, line -> false);
    if (fetched instanceof Git.Result.Exited(int status, String ignored) && status == 0) {
      return Optional.empty();
    }
    if (fetched instanceof Git.Result.Exited(int ignored, String output)
        && GitFailure.notThere(output).isPresent()) {
      return Optional.of(
          new FetchResult.Refused(
              one.url() + " does not have the commit " + one.commit() + " that is asked for."));
    }
    return Optional.of(SourceFetcher.failure(one.url(), target, fetched, into.deadline()));
  }
}
