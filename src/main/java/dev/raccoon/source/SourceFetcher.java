package dev.raccoon.source;

import dev.raccoon.source.GitHosts.Origin;
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
import java.util.stream.Collectors;

/**
 * Fetches exactly what a request names, once: asks the remote what it has, then brings the commits
 * of those refs, and nothing else, into a bare repository of the request's own, each with its local
 * reference ({@code {vsn, git}} is wrong without). Thread-safe.
 */
public final class SourceFetcher {
  private final Git git;
  private final GitHosts hosts;
  private final Duration timeout;

  /**
   * Fetches with {@code git} from where {@code hosts} allows; one fetch takes at most twice {@code
   * timeout}.
   */
  public SourceFetcher(Git git, GitHosts hosts, Duration timeout) {
    this.git = git;
    this.hosts = hosts;
    this.timeout = timeout;
  }

  /**
   * Fetches {@code refs} of {@code url} into a new bare repository at {@code folder}; an empty ref
   * is the newest tag.
   */
  public FetchResult fetch(CloneUrl url, Set<Optional<Ref>> refs, Path folder)
      throws IOException, InterruptedException {
    return switch (remote(url)) {
      case Reached.No(FetchResult result) -> result;
      case Reached.Yes(List<String> options, String target) ->
          fetch(url, refs, folder, options, target);
    };
  }

  /**
   * The commit that {@code ref} names at the remote now; empty when it cannot be told within {@code
   * limit}.
   */
  public Optional<String> currentCommit(CloneUrl url, Ref ref, Duration limit)
      throws IOException, InterruptedException {
    if (!(remote(url) instanceof Reached.Yes(List<String> options, String target))) {
      return Optional.empty();
    }
    List<String> command =
        command(
            options,
            "ls-remote",
            target,
            "refs/tags/" + ref,
            "refs/tags/" + ref + "^{}",
            "refs/heads/" + ref);
    return git.run(Path.of("/"), limit, command)
                instanceof Git.Result.Exited(int status, String output)
            && status == 0
        ? RemoteRefs.parse(output).commit(ref)
        : Optional.empty();
  }

  private sealed interface Reached {
    record Yes(List<String> options, String target) implements Reached {}

    record No(FetchResult result) implements Reached {}
  }

  /**
   * git's options for the place that {@code url} is fetched from: its protocol, and the addresses
   * that were checked.
   */
  private Reached remote(CloneUrl url) {
    return switch (hosts.origin(url)) {
      case Origin.Refused(String sentence) -> new Reached.No(new FetchResult.Refused(sentence));
      case Origin.Mirror(CloneUrl ignored, String target) -> {
        String scheme = target.startsWith("/") ? "file" : target.replaceFirst(":.*", "");
        yield new Reached.Yes(List.of("-c", "protocol." + scheme + ".allow=always"), target);
      }
      case Origin.Remote(CloneUrl remote, List<InetAddress> addresses) -> {
        String pinned =
            remote.host()
                + ":"
                + (remote.port() < 0 ? 443 : remote.port())
                + ":"
                + addresses.stream()
                    .map(InetAddress::getHostAddress)
                    .collect(Collectors.joining(","));
        yield new Reached.Yes(
            List.of("-c", "protocol.https.allow=always", "-c", "http.curloptResolve=" + pinned),
            remote.toString());
      }
    };
  }

  private FetchResult fetch(
      CloneUrl url, Set<Optional<Ref>> refs, Path folder, List<String> options, String target)
      throws IOException, InterruptedException {
    Git.Result listed = git.run(Path.of("/"), timeout, command(options, "ls-remote", target));
    if (!(listed instanceof Git.Result.Exited(int listStatus, String output) && listStatus == 0)) {
      return failure(url, target, listed);
    }
    RemoteRefs remote = RemoteRefs.parse(output);
    Map<Ref, RefKind> found = found(remote, refs);
    Files.createDirectories(folder);
    git.local(folder, List.of("init", "--quiet", "--bare", "--template=", "."));
    if (!found.isEmpty()) {
      Git.Result fetched = git.run(folder, timeout, fetchCommand(options, target, found));
      if (!(fetched instanceof Git.Result.Exited(int status, String ignored) && status == 0)) {
        return failure(url, target, fetched);
      }
    }
    return new FetchResult.Fetched(
        new SourceRepository(git, folder, commits(folder, found), remote.newestTag()));
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

  private static List<String> fetchCommand(
      List<String> options, String target, Map<Ref, RefKind> found) {
    Set<String> specs = new LinkedHashSet<>();
    found.forEach((ref, kind) -> {
      String to = kind.fullName(ref.name());
      specs.add("+" + (kind == RefKind.COMMIT ? ref.name() : to) + ":" + to);
    });
    List<String> command =
        command(
            options, "fetch", "--quiet", "--depth", "1", "--no-tags", "--end-of-options", target);
    command.addAll(specs);
    return command;
  }

  /** The commits that came, by ref; a tag that names no commit (a blob, say) is left out. */
  private Map<Ref, SourceRepository.Commit> commits(Path folder, Map<Ref, RefKind> found)
      throws IOException, InterruptedException {
    String output =
        git.local(
            folder,
            List.of(
                "for-each-ref",
                "--format=%(refname) %(objecttype) %(objectname) %(*objecttype) %(*objectname)"));
    Map<String, String> byName = new HashMap<>();
    for (String line : output.lines().toList()) {
      String[] fields = line.split(" ", -1);
      if (fields.length == 5 && fields[1].equals("commit")) {
        byName.put(fields[0], fields[2]);
      } else if (fields.length == 5 && fields[3].equals("commit")) {
        byName.put(fields[0], fields[4]);
      }
    }
    Map<Ref, SourceRepository.Commit> commits = new HashMap<>();
    found.forEach((ref, kind) -> {
      String id = byName.get(kind.fullName(ref.name()));
      if (id != null) {
        commits.put(ref, new SourceRepository.Commit(id, kind));
      }
    });
    return commits;
  }

  private static List<String> command(List<String> options, String... arguments) {
    List<String> command = new ArrayList<>(options);
    command.addAll(List.of(arguments));
    return command;
  }

  private static FetchResult failure(CloneUrl url, String target, Git.Result result) {
    return switch (result) {
      case Git.Result.TimedOut(Duration after) ->
          new FetchResult.Unavailable(
              url.host() + " did not answer within " + after.toSeconds() + " s.");
      case Git.Result.Exited(int ignored, String output) ->
          GitFailure.read(url, output.replace(target, url.toString()));
    };
  }
}
