package dev.raccoon.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.Recorded;
import dev.raccoon.catalog.ResolutionStore.Resolved;
import dev.raccoon.catalog.Scenario;
import dev.raccoon.catalog.Wanted;
import dev.raccoon.config.Settings;
import dev.raccoon.queue.Claims;
import dev.raccoon.queue.Fleets;
import dev.raccoon.source.Git;
import dev.raccoon.source.GitHosts;
import dev.raccoon.source.SourceFetcher;
import dev.raccoon.source.TestEgress;
import dev.raccoon.testing.FixtureRepositories;
import dev.raccoon.testing.GitRepository;
import dev.raccoon.toolchain.OtpInstallations;
import dev.raccoon.toolchain.OtpSearch;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.OtpVersion;
import dev.raccoon.value.Ref;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BuildRequestsTest {
  private static final CloneUrl DEMO = CloneUrl.parse("https://git.example.org/demo.git");
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path folder;
  private final Scenario scenario = new Scenario();

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void aBuildThatRunsAnswersOnlyWhileTheRefNamesItsCommit() throws Exception {
    GitRepository demo = new FixtureRepositories(folder).make("demo");
    BuildRequests requests = requests(folder + "/");
    BuildId running = asked(requests, "1.0.0");
    scenario.resolutions.resolve(
        Claims.next(scenario.jdbi), resolved("1.0.0", demo.commitOf("1.0.0^{commit}")));

    assertThat(asked(requests, "1.0.0")).isEqualTo(running);
    demo.moveTag("1.0.0", demo.commitFile("new", "new"));
    assertThat(asked(requests, "1.0.0")).isNotEqualTo(running);
  }

  @Test
  void aRebuildOfACommitThatItsRefNoLongerNamesIsRefusedAndRecordsNothing() throws Exception {
    GitRepository demo = new FixtureRepositories(folder).make("demo");
    BuildRequests requests = requests(folder + "/");
    BuildId build = asked(requests, "1.0.0");
    scenario.resolutions.resolve(
        Claims.next(scenario.jdbi), resolved("1.0.0", demo.commitOf("1.0.0^{commit}")));
    Build built = scenario.find(build);
    assertThat(requests.rebuild(built)).isInstanceOf(Recorded.Accepted.class);
    String moved = demo.commitFile("new", "new");
    demo.moveTag("1.0.0", moved);

    assertThatThrownBy(() -> requests.rebuild(built))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("1.0.0 names commit " + moved + " now");
  }

  @Test
  void aRebuildFromAHostThatIsNoLongerAllowedIsRefused() throws Exception {
    Build build = scenario.find(asked(requests(folder + "/"), "1.0.0"));
    GitHosts others =
        new GitHosts(new Settings.Sources(List.of(), List.of("other.example.org"), LONG));

    assertThatThrownBy(() -> requests(others).rebuild(build))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void aLookThatFindsNoRoomIsNotTakenAndOneThatIsOverTimeLeavesWithoutAnAnswer() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.countDown();
          awaitQuietly(answer);
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    server.start();
    String target = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    Set<Ref> refs = Set.of(new Ref("1.0.0"));
    CurrentCommits one = new CurrentCommits(fetcher(hosts(target)), LONG, 1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> first = threads.submit(() -> one.of(DEMO, refs));
      asked.await();
      assertThat(one.of(DEMO, refs)).isEmpty();
      assertThat(first.isDone()).isFalse();
      Duration moment = Duration.ofMillis(50);
      assertThat(new CurrentCommits(fetcher(hosts(target)), moment, 1).of(DEMO, refs)).isEmpty();
      answer.countDown();
    } finally {
      server.stop(0);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Resolved resolved(String ref, String commit) {
    return new Resolved(new Ref(ref), "TAG", commit, new OtpVersion("25.3"), List.of());
  }

  private static BuildId asked(BuildRequests requests, String ref) throws Exception {
    Wanted wanted = new Wanted(Optional.of(new Ref(ref)), Optional.of(OtpSelector.parse("25")));
    Recorded recorded = requests.request(Scenario.DEMO, DEMO, List.of(wanted));
    return ((Recorded.Accepted) recorded).builds().getFirst();
  }

  private BuildRequests requests(String target) throws IOException {
    return requests(hosts(target));
  }

  private BuildRequests requests(GitHosts hosts) throws IOException {
    return new BuildRequests(
        scenario.requests,
        scenario.builds,
        hosts,
        fetcher(hosts),
        Fleets.with(
            scenario.jdbi,
            () ->
                OtpInstallations.scan(
                    new OtpSearch(List.of(), List.of(), List.of(), Optional.empty()))));
  }

  private static GitHosts hosts(String target) {
    return new GitHosts(
        new Settings.Sources(
            List.of(new Settings.Rewrite("https://git.example.org/", target)), List.of(), LONG));
  }

  private SourceFetcher fetcher(GitHosts hosts) throws IOException {
    return new SourceFetcher(new Git(folder.resolve("git")), hosts, TestEgress.in(folder), LONG);
  }
}
