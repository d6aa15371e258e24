package dev.raccoon.source;

import dev.raccoon.egress.Account;
import dev.raccoon.egress.EgressProxy;
import dev.raccoon.egress.EgressRequest.Outcome;
import dev.raccoon.egress.EgressRules;
import dev.raccoon.egress.LoopbackDoor;
import dev.raccoon.value.CloneUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One fetch's way to its code host: a door for that host alone, which git is told of by a file. */
final class GitDoor implements AutoCloseable {
  private final LoopbackDoor door;
  private final Path configuration;
  private final CloneUrl url;

  private GitDoor(LoopbackDoor door, Path configuration, CloneUrl url) {
    this.door = door;
    this.configuration = configuration;
    this.url = url;
  }

  /** A door to {@code url}'s host at {@code addresses}, whose requests go to {@code account}. */
  static GitDoor open(
      EgressProxy egress, Git git, CloneUrl url, List<InetAddress> addresses, Account account)
      throws IOException, InterruptedException {
    return open(egress.openOnLoopback(EgressRules.forFetch(url, addresses), account), git, url);
  }

  /** The same with {@code door}, which is closed with this. */
  static GitDoor open(LoopbackDoor door, Git git, CloneUrl url) throws IOException {
    try {
      // A command line and an environment can be read by others.
      Path file =
          git.privateFile("[http]\n\tproxy = " + door.proxyUrl() + "\n\tproxyAuthMethod = basic\n");
      return new GitDoor(door, file, url);
    } catch (IOException | RuntimeException e) {
      door.close();
      throw e;
    }
  }

  /** What git is told: no other protocol is allowed, and no other way. */
  List<String> options() {
    return List.of("-c", "protocol.https.allow=always", "-c", "include.path=" + configuration);
  }

  /**
   * {@code result}, or why the door did not let git through. What git has heard from the host is
   * its answer, whatever happened on the way to it.
   */
  FetchResult explained(FetchResult result) {
    Optional<Outcome> trouble = door.door().trouble();
    if (!(result instanceof FetchResult.Unavailable) || trouble.isEmpty()) {
      return result;
    }
    return switch (trouble.get()) {
      case Outcome.Answered ignored -> result;
      case Outcome.Refused(String why) -> new FetchResult.Refused(why);
      case Outcome.Failed(String why) ->
          new FetchResult.Unavailable(url + " could not be fetched: " + why);
    };
  }

  @Override
  public void close() throws IOException {
    door.close();
    Files.deleteIfExists(configuration);
  }
}
