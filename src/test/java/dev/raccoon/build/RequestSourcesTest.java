package dev.raccoon.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.FailureKind;
import dev.raccoon.source.CheckOutResult;
import dev.raccoon.source.FetchResult;
import dev.raccoon.source.SourceRepository;
import dev.raccoon.testing.GitRepository;
import dev.raccoon.value.Ref;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RequestSourcesTest {
  @TempDir Path folder;

  @Test
  void buildsOfOneRequestShareItsFetch() throws Exception {
    var _ = BuildFixture.demo(folder);
    try (BuildFixture fixture = BuildFixture.ofFolders(folder)) {
      List<Build> asked = fixture.ask("1.0.0", "1.0.1");

      assertThat(fixture.sources.of(asked.get(0)).shared()).isFalse();
      assertThat(fixture.sources.of(asked.get(1)).shared()).isTrue();
    }
  }

  @Test
  void whatAFailedFetchLeavesIsRemovedAtOnce() throws Exception {
    loseTree(BuildFixture.demo(folder), "1.0.0");
    try (BuildFixture fixture = BuildFixture.ofFolders(folder)) {
      Build build = fixture.ask("1.0.0").getFirst();

      assertThat(fixture.sources.of(build).result()).isNotInstanceOf(FetchResult.Fetched.class);

      assertThat(fixture.sources(build)).isEmpty();
    }
  }

  // Another build of the request found that it cannot be used, and fetches anew.
  @Test
  void aSourceThatIsDroppedStaysForWhoeverChecksOutOfIt() throws Exception {
    GitRepository origin = BuildFixture.demo(folder);
    try (BuildFixture fixture = BuildFixture.ofFolders(folder)) {
      Build build = fixture.ask("1.0.0").getFirst();
      SourceRepository used = fetched(fixture.sources.of(build));

      fixture.sources.drop(build.request(), used);
      loseTree(origin, "1.0.0");
      assertThat(fixture.sources.of(build).result()).isNotInstanceOf(FetchResult.Fetched.class);

      assertThat(used.checkOut(new Ref("1.0.0"), folder.resolve("tree")))
          .isEqualTo(new CheckOutResult.Made());
    }
  }

  private static SourceRepository fetched(RequestSources.Source source) {
    return ((FetchResult.Fetched) source.result()).repository();
  }

  @Test
  void aSourceWhoseLastBuildEndsOnAnotherNodeIsRemovedLater() throws Exception {
    var _ = BuildFixture.demo(folder);
    try (BuildFixture fixture = BuildFixture.ofFolders(folder)) {
      Build build = fixture.ask("1.0.0").getFirst();
      Build other = fixture.ask("1.0.1").getFirst();
      var _ = fixture.sources.of(build);
      fixture.sources.release(build.request());
      assertThat(fixture.sources(build)).hasSize(1);

      for (int i = 0; i < 2; i++) {
        fixture.leased.failWithoutLog(fixture.claim(), FailureKind.SOURCE, "Ended elsewhere.");
      }
      fixture.sources.release(other.request());

      assertThat(fixture.sources(build)).isEmpty();
    }
  }

  @Test
  void whoeverSharesAFetchThatIsInterruptedFetchesAnew() throws Exception {
    try (ServerSocket host = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        BuildFixture fixture =
            new BuildFixture(folder, "http://127.0.0.1:" + host.getLocalPort() + "/")) {
      List<Build> asked = fixture.ask("1.0.0", "1.0.1");
      Thread first = fetching(fixture, asked.get(0));
      try (Socket held = host.accept()) {
        assertThat(held.isConnected()).isTrue();
        Thread second = fetching(fixture, asked.get(1));
        while (second.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
        first.interrupt();
        try (Socket again = host.accept()) {
          assertThat(again.isConnected()).isTrue();
          second.interrupt();
          first.join();
          second.join();
        }
      }
    }
  }

  private static Thread fetching(BuildFixture fixture, Build build) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            var _ = fixture.sources.of(build);
          } catch (IOException e) {
            throw new IllegalStateException(e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** The ref is listed as before, but what it names cannot be fetched. */
  private static void loseTree(GitRepository origin, String tag) throws IOException {
    String tree = origin.git("rev-parse", tag + "^{tree}");
    Files.delete(
        origin.path().resolve("objects").resolve(tree.substring(0, 2)).resolve(tree.substring(2)));
  }
}
