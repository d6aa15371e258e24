package dev.raccoon.source;

import dev.raccoon.egress.Account;
import dev.raccoon.egress.EgressLog;
import dev.raccoon.egress.EgressProxy;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.Ref;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches exactly what a request names, once: asks the remote what it has, then brings the commits
 * of those refs, and nothing else, into a bare repository of the request's own, each with its local
 * reference ({@code {vsn, git}} is wrong without). Thread-safe.
 */
public final class SourceFetcher {
  private static final Logger log = LoggerFactory.getLogger(SourceFetcher.class);

  private final Git git;
  private final GitHosts hosts;
  private final EgressProxy egress;
  private final Duration timeout;

  /**
   * Fetches with {@code git} from where {@code hosts} allows, through doors of {@code egress}; all
   * that one fetch asks the remote for takes at most {@code timeout}.
   */
  public SourceFetcher(Git git, GitHosts hosts, EgressProxy egress, Duration timeout) {
    this.git = git;
    this.hosts = hosts;
    this.egress = egress;
    this.timeout = timeout;
  }

  /**
   * Fetches {@code refs} of {@code url}, with their submodules, into a new bare repository at
   * {@code folder}; an empty ref is the newest tag. {@code log} is told of the connections to a
   * code host.
   */
  public FetchResult fetch(CloneUrl url, Set<Optional<Ref>> refs, Path folder, EgressLog log)
      throws IOException, InterruptedException {
    Asked asked = new Asked(url, refs, folder, egress.account(log));
    return switch (Remote.of(hosts.origin(url))) {
      case Remote.Not(FetchResult result) -> result;
      case Remote.Reachable(List<String> options, String target) -> fetch(asked, options, target);
      case Remote.ThroughDoor(CloneUrl host, List<InetAddress> addresses) -> {
        try (GitDoor door = GitDoor.open(egress, git, host, addresses, asked.account())) {
          yield door.explained(fetch(asked, door.options(), url.toString()));
        }
      }
    };
  }

  /** With its submodules, it has one account. */
  private record Asked(CloneUrl url, Set<Optional<Ref>> refs, Path folder, Account account) {}

  /**
   * The commits that {@code refs} name at the remote now, as far as it tells; nothing when it
   * cannot be asked within {@code limit}. Only the look-up of its address may take longer.
   */
  public Map<Ref, String> currentCommits(CloneUrl url, Set<Ref> refs, Duration limit)
      throws IOException, InterruptedException {
    Deadline deadline = Deadline.in(limit);
    return switch (Remote.of(hosts.origin(url))) {
      case Remote.Not ignored -> Map.of();
      case Remote.Reachable(List<String> options, String target) ->
          currentCommits(refs, deadline, options, target);
      case Remote.ThroughDoor(CloneUrl host, List<InetAddress> addresses) -> {
        // It is before any build, so that there is none to record it with.
        EgressLog none = request -> log.debug("Looked up {}: {}", url, request.outcome());
        try (GitDoor door = GitDoor.open(egress, git, host, addresses, egress.account(none))) {
          yield currentCommits(refs, deadline, door.options(), url.toString());
        }
      }
    };
  }

  private Map<Ref, String> currentCommits(
      Set<Ref> refs, Deadline deadline, List<String> options, String target)
      throws IOException, InterruptedException {
    List<String> command = command(options, "ls-remote", "--quiet", "--heads", "--tags", target);
    for (Ref ref : refs) {
      command.addAll(List.of("refs/tags/" + ref, "refs/tags/" + ref + "^{}", "refs/heads/" + ref));
    }
    if (!(git.run(Path.of("/"), deadline.left(), command, line -> false)
            instanceof Git.Result.Exited(int status, String output)
        && status == 0)) {
      return Map.of();
    }
    RemoteRefs remote = RemoteRefs.parse(output);
    Map<Ref, String> commits = new HashMap<>();
    refs.forEach(ref -> remote.commit(ref).ifPresent(commit -> commits.put(ref, commit)));
    return commits;
  }

  private FetchResult fetch(Asked asked, List<String> options, String target)
      throws IOException, InterruptedException {
    Set<Optional<Ref>> refs = asked.refs();
    Path folder = asked.folder();
    Deadline deadline = Deadline.in(timeout);
    List<String> list = command(options, "ls-remote", "--quiet", "--heads", "--tags", target);
    RemoteRefs.Reader reader =
        new RemoteRefs.Reader(name -> refs.contains(Optional.of(new Ref(name))));
    Git.Result listed = git.run(Path.of("/"), deadline.left(), list, reader::take);
    if (!(listed instanceof Git.Result.Exited(int status, String ignored) && status == 0)) {
      return failure(asked.url(), target, listed, deadline);
    }
    RemoteRefs remote = reader.refs();
    Files.createDirectories(folder);
    git.local(folder, List.of("init", "--quiet", "--bare", "--template=", "."));
    Map<Ref, RefKind> found = found(remote, refs);
    Optional<Git.Result> failed = bring(folder, options, target, found, deadline);
    if (failed.isPresent()) {
      return failure(asked.url(), target, failed.get(), deadline);
    }
    return withSubmodules(asked, commits(folder, found), remote.newestTag(), deadline);
  }

  /** Whether only this server can read what is at {@code url}: see {@link GitHosts}. */
  public boolean isReachedByUsAlone(CloneUrl url) {
    return hosts.isReachedByUsAlone(url);
  }

  private FetchResult withSubmodules(
      Asked asked,
      Map<Ref, SourceRepository.Commit> commits,
      Optional<Ref> newestTag,
      Deadline deadline)
      throws IOException, InterruptedException {
    SubmoduleFetch.Into into = new SubmoduleFetch.Into(asked.folder(), deadline, asked.account());
    SubmoduleFetch fetch = new SubmoduleFetch(git, hosts, egress, into);
    Map<String, Submodules> submodules = new HashMap<>();
    for (SourceRepository.Commit commit : commits.values()) {
      if (!submodules.containsKey(commit.id())) {
        submodules.put(commit.id(), fetch.of(asked.url(), commit.id()));
      }
    }
    return new FetchResult.Fetched(
        new SourceRepository(git, asked.folder(), commits, submodules, newestTag));
  }

  /**
   * Brings what was {@code found}. A ref that the remote turns out not to have (a commit was taken
   * at its word, a tag can go meanwhile) is taken out of it and stops none of the others. Answers
   * how git failed, if it did.
   */
  private Optional<Git.Result> bring(
      Path folder, List<String> options, String target, Map<Ref, RefKind> found, Deadline deadline)
      throws IOException, InterruptedException {
    while (!found.isEmpty()) {
      Git.Result fetched =
          git.run(
              folder, deadline.left(), fetchCommand(options, target, specs(found)), line -> false);
      if (!(fetched instanceof Git.Result.Exited(int status, String output))) {
        return Optional.of(fetched);
      }
      if (status == 0) {
        break;
      }
      Optional<String> notThere = GitFailure.notThere(output);
      if (notThere.isEmpty() || !found.entrySet().removeIf(ref -> isNamed(ref, notThere.get()))) {
        return Optional.of(fetched);
      }
    }
    return Optional.empty();
  }

  private static boolean isNamed(Map.Entry<Ref, RefKind> ref, String asked) {
    return source(ref.getKey(), ref.getValue()).equals(asked);
  }

  /** What the remote is asked for. */
  private static String source(Ref ref, RefKind kind) {
    return kind == RefKind.COMMIT ? ref.name() : kind.fullName(ref.name());
  }

  private static Map<Ref, RefKind> found(RemoteRefs remote, Set<Optional<Ref>> refs) {
    Map<Ref, RefKind> found = new HashMap<>();
    for (Optional<Ref> asked : refs) {
      asked
          .or(remote::newestTag)
          .ifPresent(ref -> remote.kind(ref).ifPresent(kind -> found.put(ref, kind)));
    }
    return found;
  }

  private static Set<String> specs(Map<Ref, RefKind> found) {
    Set<String> specs = new LinkedHashSet<>();
    found.forEach((ref, kind) -> {
      String to = kind.fullName(ref.name());
      specs.add("+" + source(ref, kind) + ":" + to);
    });
    return specs;
  }

  /** The command that brings what {@code specs} name: each commit alone, and no other reference. */
  static List<String> fetchCommand(List<String> options, String target, Set<String> specs) {
    List<String> command =
        command(
            options,
            "fetch",
            "--quiet",
            "--depth",
            "1",
            "--no-tags",
            "--no-write-fetch-head",
            "--end-of-options",
            target);
    command.addAll(specs);
    return command;
  }

  /** The commits that came, by ref; a tag that names no commit (a blob, say) is left out. */
  private Map<Ref, SourceRepository.Commit> commits(Path folder, Map<Ref, RefKind> found)
      throws IOException, InterruptedException {
    Map<Ref, SourceRepository.Commit> commits = new HashMap<>();
    for (Map.Entry<Ref, RefKind> entry : found.entrySet()) {
      // A tag may name a tag that names a commit: git follows them all.
      String name = entry.getValue().fullName(entry.getKey().name()) + "^{commit}";
      List<String> command = List.of("rev-parse", "--verify", "--quiet", name);
      if (git.run(folder, timeout, command) instanceof Git.Result.Exited(int status, String id)
          && status == 0) {
        commits.put(entry.getKey(), new SourceRepository.Commit(id.strip(), entry.getValue()));
      }
    }
    return commits;
  }

  private static List<String> command(List<String> options, String... arguments) {
    List<String> command = new ArrayList<>(options);
    command.addAll(List.of(arguments));
    return command;
  }

  static FetchResult failure(CloneUrl url, String target, Git.Result result, Deadline deadline) {
    return switch (result) {
      case Git.Result.TimedOut(Duration ignored) ->
          new FetchResult.Unavailable(
              url
                  + " could not be fetched within "
                  + Math.ceilDiv(deadline.whole().toMillis(), 1000)
                  + " s.");
      case Git.Result.TooLong(int limitBytes) ->
          new FetchResult.Refused(
              url + " has more than " + (limitBytes >> 20) + " MiB of tags' and branches' names.");
      case Git.Result.Exited(int ignored, String output) ->
          GitFailure.read(url, output.replace(target, url.toString()));
    };
  }
}
