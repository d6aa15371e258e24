package dev.raccoon.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.config.Settings;
import dev.raccoon.egress.EgressProxy;
import dev.raccoon.testing.FixtureRepositories;
import dev.raccoon.testing.GitRepository;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.Ref;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Real repositories in a folder, which stands for a code host, and a fetcher of them. */
final class SourceFixture {
  static final CloneUrl DEMO = CloneUrl.parse("https://git.example.org/demo.git");
  private static final Duration LONG = Duration.ofMinutes(2);

  final Path folder;
  final Git git;
  final EgressProxy egress;
  final SourceFetcher fetcher;

  /** Keeps all below {@code folder}. */
  SourceFixture(Path folder) throws IOException {
    this.folder = folder;
    this.git = new Git(folder.resolve("git"));
    this.egress = TestEgress.in(folder);
    this.fetcher = fetcher(origins() + "/", LONG);
  }

  /** The folder that stands for the code host. */
  Path origins() {
    return folder.resolve("origins");
  }

  /** A fetcher for which {@code target} stands for the code host. */
  SourceFetcher fetcher(String target, Duration timeout) {
    Settings.Sources settings =
        new Settings.Sources(
            List.of(new Settings.Rewrite("https://git.example.org/", target)), List.of(), timeout);
    return new SourceFetcher(git, new GitHosts(settings), egress, timeout);
  }

  /** The fixture project {@code demo}. */
  GitRepository demo() throws IOException {
    return new FixtureRepositories(origins()).make("demo");
  }

  /** Fetches refs of {@link #DEMO}, which must go well; an empty name is the newest tag. */
  SourceRepository fetch(String... refs) throws Exception {
    return fetched(fetcher.fetch(DEMO, asked(refs), bare(), request -> {}));
  }

  static SourceRepository fetched(FetchResult result) {
    assertThat(result).isInstanceOf(FetchResult.Fetched.class);
    return ((FetchResult.Fetched) result).repository();
  }

  static Set<Optional<Ref>> asked(String... refs) {
    return Arrays.stream(refs)
        .map(ref -> ref.isEmpty() ? Optional.<Ref>empty() : Optional.of(new Ref(ref)))
        .collect(Collectors.toSet());
  }

  /** Where {@link #fetch} fetches to. */
  Path bare() {
    return folder.resolve("bare.git");
  }

  /** What our git prints in {@code repository}. */
  List<String> lines(Path repository, String... arguments) throws Exception {
    return git.local(repository, List.of(arguments)).lines().toList();
  }
}
