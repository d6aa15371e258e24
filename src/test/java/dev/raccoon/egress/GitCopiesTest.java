package dev.raccoon.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.source.Git;
import dev.raccoon.source.GitCache;
import dev.raccoon.testing.FixtureRepositories;
import dev.raccoon.testing.GitRepository;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real git clones of a real code host, through doors that keep what was fetched. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class GitCopiesTest {
  @TempDir private Path folder;
  private EgressFixture fixture;
  private GitRepository demo;
  private Path repositories;
  private int clones;

  @BeforeEach
  void startACodeHost() throws Exception {
    fixture = new EgressFixture(folder);
    repositories = Files.createDirectories(folder.resolve("repositories"));
    demo = new FixtureRepositories(repositories).make("demo");
    fixture.origin.at("/", HttpsOrigin.repositories(repositories));
  }

  @AfterEach
  void closeAll() {
    fixture.close();
  }

  private GitCache cache(long bytes) throws IOException {
    Git git = new Git(folder.resolve("git"));
    // In both ways, since a machine's GIT_SSL_CAINFO would take the place of the first.
    Path certificates = Files.createDirectories(folder.resolve("certificates"));
    Files.write(certificates.resolve("origin.pem"), Files.readAllBytes(HttpsOrigin.certificate()));
    Files.writeString(
        folder.resolve("git/gitconfig"),
        "[http]\n\tsslCAInfo = "
            + HttpsOrigin.certificate()
            + "\n\tsslCAPath = "
            + certificates
            + "\n",
        StandardOpenOption.APPEND);
    return new GitCache(git, copies(), bytes, Clock.systemUTC());
  }

  private Path copies() {
    return folder.resolve("copies");
  }

  private long kept() throws IOException {
    try (Stream<Path> all = Files.list(copies())) {
      return all.count();
    }
  }

  /** What git prints in a build of its own, followed by the commit that {@code ref} is there. */
  private String clone(GitCopies copies, String ref) throws Exception {
    clones++;
    Path clone = folder.resolve("clone-" + clones);
    EgressRules rules = EgressFixture.rules("origin.example:" + fixture.origin.port(), "");
    try (EgressDoor door = fixture.proxy.open(rules, fixture.recorded::add, copies);
        Relay relay = new Relay(door.socket(), folder)) {
      String printed =
          relay.git(
              "clone", "--quiet", "--no-checkout", fixture.url("/demo.git"), clone.toString());
      return printed
          + (Files.exists(clone)
              ? relay.git("-C", clone.toString(), "rev-parse", ref + "^{commit}").strip()
              : "");
    }
  }

  /** How often the code host was asked since the last time. */
  private List<String> asked() {
    List<String> asked = List.copyOf(fixture.origin.seen);
    fixture.origin.seen.clear();
    return asked;
  }

  @Test
  void objectsAreFetchedOnceForAllBuildsAndAfterARestartToo() throws Exception {
    GitCache cache = cache(1 << 30);
    assertThat(clone(cache, "1.0.1")).isEqualTo(demo.commitOf("1.0.1"));
    int first = asked().size();

    assertThat(clone(cache, "main")).isEqualTo(demo.commitOf("main"));
    List<String> second = asked();
    assertThat(second)
        .as("what refs there are, and nothing else")
        .containsExactly(
            "GET /demo.git/info/refs?service=git-upload-pack", "POST /demo.git/git-upload-pack")
        .hasSizeLessThan(first);
    assertThat(clone(cache(1 << 30), "1.1.0")).isEqualTo(demo.commitOf("1.1.0"));
    assertThat(asked()).isEqualTo(second);
    assertThat(kept()).isEqualTo(1);
  }

  @Test
  void whatTheHostHasNewIsFetchedAndWhatIsGoneIsGone() throws Exception {
    GitCache cache = cache(1 << 30);
    clone(cache, "main");
    String commit = demo.commitFile("NEW", "new");
    demo.tag("9.9.9", commit);
    demo.deleteTag("1.0.0");

    assertThat(clone(cache, "9.9.9")).isEqualTo(commit);
    assertThat(clone(cache, "1.0.0")).contains("unknown revision");
  }

  @Test
  void aHostThatSaysNoIsHeardByTheBuild() throws Exception {
    GitCache cache = cache(1 << 30);
    clone(cache, "main");
    Files.move(repositories.resolve("demo.git"), repositories.resolve("moved.git"));

    assertThat(clone(cache, "main")).contains("not found");
    fixture.origin.close();
    assertThat(clone(cache, "main")).contains("origin.example could not be connected to");
  }

  @Test
  void aRepositoryOfTooManyRefsIsServedByItsHost() throws Exception {
    String commit = demo.commitOf("main");
    StringBuilder refs = new StringBuilder();
    for (int i = 0; i < 20_001; i++) {
      refs.append(commit).append(" refs/tags/t").append(i).append('\n');
    }
    Files.writeString(repositories.resolve("demo.git/packed-refs"), refs);

    assertThat(clone(cache(1 << 30), "t7")).isEqualTo(demo.commitOf("main"));
    assertThat(kept()).isZero();
  }

  @Test
  void whereNothingCanBeKeptTheHostServes() throws Exception {
    GitCache cache = cache(1 << 30);
    Files.delete(copies());
    Files.writeString(copies(), "no folder");

    assertThat(clone(cache, "main")).isEqualTo(demo.commitOf("main"));
  }

  @ParameterizedTest
  @EnumSource
  void aDamagedCopyIsFetchedAgain(Damage damage) throws Exception {
    GitCache cache = cache(1 << 30);
    clone(cache, "main");
    damage.to(copy());

    assertThat(clone(cache, "1.0.1")).isEqualTo(demo.commitOf("1.0.1"));
    asked();
    assertThat(clone(cache, "main")).isEqualTo(demo.commitOf("main"));
    assertThat(asked()).as("what refs there are").hasSize(2);
  }

  enum Damage {
    PACK_GONE {
      @Override
      void to(Path copy) throws IOException {
        Files.delete(pack(copy));
      }
    },
    BYTE_FLIPPED {
      @Override
      void to(Path copy) throws IOException {
        byte[] bytes = Files.readAllBytes(pack(copy));
        bytes[bytes.length / 2] ^= 1;
        rewrite(pack(copy), bytes);
      }
    },
    CUT_AND_PADDED {
      @Override
      void to(Path copy) throws IOException {
        byte[] bytes = Files.readAllBytes(pack(copy));
        Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 0);
        rewrite(pack(copy), bytes);
      }
    },
    REF_GONE {
      @Override
      void to(Path copy) throws IOException {
        Path refs = copy.resolve("packed-refs");
        List<String> lines = Files.readAllLines(refs);
        lines.removeIf(line -> line.endsWith("refs/tags/1.0.1"));
        Files.write(refs, lines);
      }
    };

    abstract void to(Path copy) throws IOException;

    private static Path pack(Path copy) throws IOException {
      try (DirectoryStream<Path> packs =
          Files.newDirectoryStream(copy.resolve("objects/pack"), "*.pack")) {
        return packs.iterator().next();
      }
    }

    private static void rewrite(Path file, byte[] bytes) throws IOException {
      Files.delete(file);
      Files.write(file, bytes);
    }
  }

  private Path copy() throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(copies())) {
      return all.iterator().next();
    }
  }

  // Damaged between the look at it and its use.
  @Test
  void whatACopyCannotServeComesFromItsHostAndFromAnotherCopyTheNextTime() throws Exception {
    GitCache cache = cache(1 << 30);
    GitCopies broken =
        (wanted, doors) -> {
          Optional<GitCopies.Held> held = cache.fresh(wanted, doors);
          Files.delete(held.orElseThrow().repository().resolve("HEAD"));
          return held;
        };

    assertThat(clone(broken, "main")).isEqualTo(demo.commitOf("main"));
    asked();
    assertThat(clone(cache, "main")).isEqualTo(demo.commitOf("main"));
    assertThat(asked()).as("the refs, and all objects").hasSizeGreaterThan(2);
  }

  @Test
  void aCommitThatNoBranchHasComesFromTheHost() throws Exception {
    demo.git("config", "uploadpack.allowAnySHA1InWant", "true");
    String commit = demo.git("commit-tree", "-m", "Elsewhere", "main^{tree}", "-p", "main");
    GitCache cache = cache(1 << 30);
    clone(cache, "main");

    assertThat(fetch(cache, commit)).isEqualTo(commit);
    assertThat(fetch(cache, "0123456789abcdef0123456789abcdef01234567")).contains("not our ref");
  }

  @Test
  void whatTheHostHasDeletedIsDeletedHereToo() throws Exception {
    demo.branch("secret", "main");
    String secret = demo.git("commit-tree", "-m", "Secret", "main^{tree}", "-p", "main");
    demo.git("update-ref", "refs/heads/secret", secret);
    GitCache cache = cache(1 << 30);
    clone(cache, "main");
    demo.git("branch", "-D", "secret");
    demo.git("prune", "--expire=now");

    clone(cache, "main");

    ProcessBuilder look =
        new ProcessBuilder("git", "--git-dir=" + copy(), "cat-file", "-e", secret)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    assertThat(look.start().waitFor()).isNotZero();
    assertThat(fetch(cache, secret)).contains("not our ref");
  }

  /** What git prints in a build of its own that wants one commit, followed by what came. */
  private String fetch(GitCopies copies, String commit) throws Exception {
    clones++;
    Path clone = folder.resolve("clone-" + clones);
    EgressRules rules = EgressFixture.rules("origin.example:" + fixture.origin.port(), "");
    try (EgressDoor door = fixture.proxy.open(rules, fixture.recorded::add, copies);
        Relay relay = new Relay(door.socket(), folder)) {
      relay.git("init", "--quiet", clone.toString());
      String at = clone.toString();
      String printed =
          relay.git("-C", at, "fetch", "--quiet", "--depth", "1", fixture.url("/demo.git"), commit);
      return printed.isEmpty() ? relay.git("-C", at, "rev-parse", "FETCH_HEAD").strip() : printed;
    }
  }

  @Test
  void aCopyThatIsLargerThanAllMayBeIsServedAndNotKept() throws Exception {
    GitCache small = cache(10);

    assertThat(clone(small, "main")).isEqualTo(demo.commitOf("main"));
    assertThat(kept()).isZero();
  }

  @Test
  void whatAKilledServerLeftHalfIsSweptAtTheNextStart() throws Exception {
    Files.createDirectories(copies().resolve("0a".repeat(20) + ".git/objects"));
    Files.writeString(Files.createDirectories(copies().resolve("else")).resolve("x"), "y");

    cache(1 << 30);

    assertThat(kept()).isZero();
  }
}
