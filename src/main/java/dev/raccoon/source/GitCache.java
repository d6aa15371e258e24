package dev.raccoon.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.egress.GitCopies;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of the repositories that builds clone: all branches and tags, each object fetched once.
 * The host is asked for its refs each time, and for objects only where those have changed; what it
 * has deleted is deleted here. Each byte of a copy is looked at before it is used: one that is
 * damaged is made anew. Thread-safe.
 */
public final class GitCache implements GitCopies {
  private static final Logger log = LoggerFactory.getLogger(GitCache.class);

  /** Below a client's patience, who hears nothing meanwhile. */
  private static final Duration LIMIT = Duration.ofSeconds(40);

  private static final int MAX_UNFIT = 10_000;

  /** Each fetch that brings something makes one; many of them are slow to read. */
  private static final int MAX_PACKS = 50;

  /** Of what git fetch says of refs (git-fetch, OUTPUT): pruned, forced, a tag that moved. */
  private static final Pattern LOST = Pattern.compile(" [-+t] ");

  /** Repositories of packages have some hundred. */
  private static final int MAX_REFS = 20_000;

  private final Git git;
  private final CopyFolder folder;
  private final Set<CloneUrl> unfit = ConcurrentHashMap.newKeySet();
  private final Set<CloneUrl> failed = ConcurrentHashMap.newKeySet();

  /**
   * Keeps copies in {@code folder}, of at most {@code maxBytes}: those that nobody used for longest
   * go first.
   */
  public GitCache(Git git, Path folder, long maxBytes, Clock clock) throws IOException {
    this.git = git;
    this.folder = new CopyFolder(folder, maxBytes, clock);
  }

  @Override
  public Optional<Held> fresh(Wanted wanted, Doors doors) throws InterruptedException {
    if (unfit.contains(wanted.url())) {
      return Optional.empty();
    }
    Deadline deadline = Deadline.in(LIMIT);
    CopyFolder.Copy copy = folder.take(wanted.url());
    boolean fresh = false;
    try {
      fresh = copy.lock().tryLock(deadline.left().toMillis(), TimeUnit.MILLISECONDS);
      if (fresh) {
        try {
          fresh = refresh(wanted, doors, copy, deadline);
        } finally {
          copy.lock().unlock();
        }
      }
      return fresh ? Optional.of(new Lent(wanted.url(), copy)) : Optional.empty();
    } catch (IOException e) {
      // The host itself is asked then.
      log.warn("{} is not kept: {}", wanted.url(), e.toString());
      fresh = false;
      return Optional.empty();
    } finally {
      if (!fresh) {
        copy.close();
      }
    }
  }

  private final class Lent implements Held {
    private final CloneUrl url;
    private final CopyFolder.Copy copy;

    Lent(CloneUrl url, CopyFolder.Copy copy) {
      this.url = url;
      this.copy = copy;
    }

    @Override
    public Path repository() {
      return copy.repository();
    }

    /** It was whole when it was lent: if the next one fails as well, git cannot serve such. */
    @Override
    public void failed() {
      log.warn("The copy of {} could not be served", url);
      copy.forgetState();
      if (failed.size() >= MAX_UNFIT || !failed.add(url)) {
        unfit(url);
      }
    }

    @Override
    public void close() {
      copy.close();
    }
  }

  private boolean refresh(Wanted wanted, Doors doors, CopyFolder.Copy copy, Deadline deadline)
      throws IOException, InterruptedException {
    try (GitDoor door = GitDoor.open(doors.open(wanted), git, wanted.url())) {
      Optional<Refs> refs = refs(wanted.url(), door, deadline);
      if (refs.isEmpty() || refs.get().isEmpty()) {
        return false;
      }
      String kept = copy.read(CopyFolder.STATE);
      String now = copy.checksum();
      if (kept.equals(state(refs.get(), now))) {
        return true;
      }
      boolean damaged = !copy.isNew() && !kept.endsWith(checksum(now));
      if (damaged && !folder.discard(copy)) {
        return false;
      }
      return fetch(wanted.url(), door, copy, refs.get(), deadline);
    }
  }

  /** All that a copy is known by: what the host said of it, and its own bytes. */
  private static String state(Refs refs, String checksum) {
    return refs.digest() + checksum(checksum);
  }

  private static String checksum(String checksum) {
    return " " + checksum + "\n";
  }

  /** What a host says of a repository: its refs, in their order, and its default branch. */
  private record Refs(Sha256 digest, Optional<String> head) {
    boolean isEmpty() {
      return head.isEmpty();
    }
  }

  /** Keeps no more of them than that, however many a hostile host names. */
  private static final class RefsReader implements GitOutput.LineReader {
    private static final String SYMBOLIC = "ref: refs/heads/";
    private final MessageDigest digest = Sha256.newDigest();
    private Optional<String> head = Optional.empty();
    private int lines;

    @Override
    public boolean take(String line) throws GitOutput.TooLongException {
      if (++lines > MAX_REFS) {
        throw new GitOutput.TooLongException(GitOutput.READ_LIMIT_BYTES);
      }
      digest.update((line + "\n").getBytes(UTF_8));
      if (head.isEmpty() && line.startsWith(SYMBOLIC) && line.endsWith("\tHEAD")) {
        head = Optional.of(line.substring("ref: ".length(), line.length() - "\tHEAD".length()));
      }
      return true;
    }

    Refs refs() {
      return new Refs(Sha256.of(digest), head);
    }
  }

  private Optional<Refs> refs(CloneUrl url, GitDoor door, Deadline deadline)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(door.options());
    command.addAll(List.of("ls-remote", "--quiet", "--symref", url.toString()));
    command.addAll(List.of("HEAD", "refs/heads/*", "refs/tags/*"));
    RefsReader reader = new RefsReader();
    Git.Result listed = git.run(Path.of("/"), deadline.left(), command, reader);
    if (listed instanceof Git.Result.TooLong) {
      notFetched(url, listed);
    }
    return listed instanceof Git.Result.Exited(int status, String ignored) && status == 0
        ? Optional.of(reader.refs())
        : Optional.empty();
  }

  /** A copy whose fetch fails may be damaged: it is thrown away, and made anew the next time. */
  private boolean fetch(
      CloneUrl url, GitDoor door, CopyFolder.Copy copy, Refs refs, Deadline deadline)
      throws IOException, InterruptedException {
    boolean made = false;
    try {
      if (copy.isNew()) {
        init(copy.repository());
      }
      AtomicBoolean lost = new AtomicBoolean();
      Git.Result fetched =
          git.run(
              copy.repository(),
              deadline.left(),
              fetchCommand(url, door),
              line -> takeRef(line, lost));
      if (isDone(fetched)) {
        git.local(copy.repository(), List.of("symbolic-ref", "HEAD", refs.head().orElseThrow()));
        git.local(copy.repository(), List.of("pack-refs", "--all")); // or each is a file
        if (lost.get() || copy.packs() > MAX_PACKS) {
          fetched =
              git.run(copy.repository(), deadline.left(), List.of("repack", "-a", "-d", "-q"));
        }
      }
      if (isDone(fetched)) {
        copy.write(CopyFolder.STATE, state(refs, copy.checksum()));
        made = true;
      } else {
        notFetched(url, fetched);
      }
      return made;
    } finally {
      if (!made) {
        var _ = folder.discard(copy);
      }
      folder.changed(copy);
    }
  }

  /** Takes a line about a ref; {@code lost} if objects may belong to nothing any more. */
  private static boolean takeRef(String line, AtomicBoolean lost) {
    if (LOST.matcher(line).lookingAt()) {
      lost.set(true);
    }
    return line.startsWith(" ");
  }

  private static boolean isDone(Git.Result result) {
    return result instanceof Git.Result.Exited(int status, String ignored) && status == 0;
  }

  private void notFetched(CloneUrl url, Git.Result result) {
    log.info("{} is not kept: {}", url, Git.failure(List.of("fetch"), result).getMessage());
    boolean isTooMuch =
        switch (result) {
          case Git.Result.TimedOut ignored -> true;
          case Git.Result.TooLong ignored -> true;
          case Git.Result.Exited ignored -> false;
        };
    if (isTooMuch) {
      unfit(url);
    }
  }

  private void unfit(CloneUrl url) {
    if (unfit.size() < MAX_UNFIT) {
      unfit.add(url);
    }
  }

  private void init(Path repository) throws IOException, InterruptedException {
    Files.createDirectories(repository);
    git.local(repository, List.of("init", "--quiet", "--bare", "--template=", "."));
    // A client asks for what the host has named, or a lock file has: nothing here is secret.
    for (String setting : List.of("allowAnySHA1InWant", "allowFilter")) {
      git.local(repository, List.of("config", "uploadpack." + setting, "true"));
    }
  }

  private static List<String> fetchCommand(CloneUrl url, GitDoor door) {
    List<String> command = new ArrayList<>(door.options());
    command.addAll(List.of("fetch", "--prune", "--no-tags", "--no-write-fetch-head", "--force"));
    command.addAll(List.of("--end-of-options", url.toString()));
    command.addAll(List.of("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"));
    return command;
  }
}
