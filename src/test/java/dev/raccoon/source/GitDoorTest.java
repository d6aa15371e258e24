package dev.raccoon.source;

import static dev.raccoon.source.SourceFixture.asked;
import static dev.raccoon.source.SourceFixture.fetched;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.config.Settings;
import dev.raccoon.egress.EgressLimits;
import dev.raccoon.egress.EgressProxy;
import dev.raccoon.egress.EgressRequest;
import dev.raccoon.egress.EgressRequest.Outcome;
import dev.raccoon.egress.HttpsOrigin;
import dev.raccoon.egress.Resolver;
import dev.raccoon.testing.GitRepository;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.Ref;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetches from a real code host over https, which is this machine. */
class GitDoorTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private final List<EgressRequest> recorded = new CopyOnWriteArrayList<>();
  private SourceFixture fixture;
  private HttpsOrigin host;
  private GitRepository demo;
  private CloneUrl url;

  @BeforeEach
  void startACodeHost() throws Exception {
    fixture = new SourceFixture(folder);
    demo = fixture.demo();
    host = new HttpsOrigin().at("/", HttpsOrigin.repositories(fixture.origins()));
    url = CloneUrl.parse("https://localhost:" + host.port() + "/demo.git");
    trust(HttpsOrigin.certificate());
  }

  /** In both ways, since a machine's GIT_SSL_CAINFO would take the place of the first. */
  private void trust(Path certificate) throws Exception {
    Path certificates = Files.createDirectory(folder.resolve("certificates"));
    Files.copy(certificate, certificates.resolve("origin.pem"));
    Files.writeString(
        folder.resolve("git/gitconfig"),
        "[http]\n\tsslCAInfo = " + certificate + "\n\tsslCAPath = " + certificates + "\n",
        StandardOpenOption.APPEND);
  }

  @AfterEach
  void stopIt() {
    host.close();
  }

  private SourceFetcher fetcher(EgressProxy egress) {
    Settings settings = Settings.of(Map.of("RACCOON_GIT_HOSTS", "localhost:" + host.port()));
    return new SourceFetcher(fixture.git, new GitHosts(settings.sources()), egress, LONG);
  }

  private EgressProxy proxy(long bytes) throws Exception {
    Settings settings = Settings.of(Map.of("RACCOON_EGRESS_BYTES", bytes + "B"));
    return new EgressProxy(
        folder.resolve("way-out"),
        new EgressProxy.Network(Resolver.ofMachine(), Optional.empty()),
        EgressLimits.of(settings.egress()),
        fixture.git::httpBackend,
        Clock.systemUTC());
  }

  @Test
  void aFetchGoesThroughADoorOfItsOwnAndIsRecorded() throws Exception {
    SourceRepository repository =
        fetched(fetcher(fixture.egress).fetch(url, asked("1.0.0"), fixture.bare(), recorded::add));

    assertThat(repository.commit(new Ref("1.0.0")).orElseThrow().id())
        .isEqualTo(demo.commitOf("1.0.0"));
    assertThat(recorded).isNotEmpty();
    assertThat(recorded)
        .allSatisfy(request -> {
          assertThat(request.method()).isEqualTo("CONNECT");
          assertThat(request.host()).isEqualTo("localhost:" + host.port());
          assertThat(request.outcome()).isEqualTo(new Outcome.Answered(200));
          assertThat(request.bytesIn()).isPositive();
        });
    try (Stream<Path> left = Files.list(folder.resolve("git"))) {
      assertThat(left.map(each -> each.getFileName().toString())).containsExactly("gitconfig");
    }
  }

  @Test
  void theCommitOfNowIsToldThroughADoorToo() throws Exception {
    Ref ref = new Ref("1.0.0");

    assertThat(fetcher(fixture.egress).currentCommits(url, Set.of(ref), LONG))
        .isEqualTo(Map.of(ref, demo.commitOf("1.0.0")));
  }

  @Test
  void aRepositoryThatIsTooLongIsRefusedWithTheSetting() throws Exception {
    try (EgressProxy small = proxy(4_000)) {
      assertThat(fetcher(small).fetch(url, asked("1.0.0"), fixture.bare(), recorded::add))
          .isEqualTo(
              new FetchResult.Refused(
                  "Raccoon lets a build send and receive 4000 bytes at most: its operator can allow"
                      + " more with RACCOON_EGRESS_BYTES."));
    }
  }

  @Test
  void aRepositoryAndItsSubmodulesHaveTheirBytesTogether() throws Exception {
    GitRepository outer = GitRepository.create(fixture.origins().resolve("outer.git"));
    outer.commitSubmodule(
        "d", demo.commitOf("1.0.0"), "[submodule \"d\"]\n\tpath = d\n\turl = ../demo.git\n");
    CloneUrl around = CloneUrl.parse("https://localhost:" + host.port() + "/outer.git");
    SourceRepository whole =
        fetched(
            fetcher(fixture.egress).fetch(around, asked("main"), fixture.bare(), recorded::add));
    assertThat(whole.submodulesOf(new Ref("main"))).hasSize(1);
    List<Long> bytes =
        recorded.stream().map(request -> request.bytesIn() + request.bytesOut()).toList();
    assertThat(bytes).as("the outer one's, then its submodule's").hasSizeGreaterThan(1);
    long all = bytes.stream().mapToLong(Long::longValue).sum();

    try (EgressProxy small = proxy(all - bytes.getLast() / 2)) {
      SourceRepository most =
          fetched(
              fetcher(small)
                  .fetch(around, asked("main"), folder.resolve("small.git"), recorded::add));
      assertThat(most.checkOut(new Ref("main"), folder.resolve("tree")))
          .isInstanceOf(CheckOutResult.Refused.class)
          .asString()
          .contains("The submodule d: Raccoon lets a build send and receive ");
    }
  }

  @Test
  void whatTheHostHasAnsweredIsNotTakenForTheDoorsTrouble() throws Exception {
    List<InetAddress> addresses = List.of(InetAddress.getLoopbackAddress());
    try (GitDoor door =
        GitDoor.open(
            fixture.egress, fixture.git, url, addresses, fixture.egress.account(recorded::add))) {
      List<String> elsewhere = new ArrayList<>(door.options());
      elsewhere.addAll(List.of("ls-remote", "https://evil.example/x"));
      fixture.git.run(folder, LONG, elsewhere, line -> false);
      FetchResult answer = new FetchResult.Refused("It does not have that tag.");

      assertThat(door.explained(answer)).isEqualTo(answer);
      assertThat(door.explained(new FetchResult.Unavailable("It is away.")))
          .isInstanceOf(FetchResult.Refused.class);
    }
  }

  @Test
  void aHostThatIsDownIsAskedAgainLater() throws Exception {
    host.close();

    assertThat(fetcher(fixture.egress).fetch(url, asked("1.0.0"), fixture.bare(), recorded::add))
        .isEqualTo(
            new FetchResult.Unavailable(
                url
                    + " could not be fetched: localhost could not be connected to at port "
                    + url.port()
                    + "."));
  }

  @Test
  void aRepositoryThatIsNotThereIsToldAsBefore() throws Exception {
    CloneUrl none = CloneUrl.parse("https://localhost:" + host.port() + "/none.git");

    assertThat(fetcher(fixture.egress).fetch(none, asked(""), fixture.bare(), recorded::add))
        .isEqualTo(
            new FetchResult.Refused(
                "There is no repository that anyone may read at " + none + "."));
  }
}
