package dev.raccoon;

import dev.raccoon.cache.FileCache;
import dev.raccoon.config.DataDirectory;
import dev.raccoon.config.Settings;
import dev.raccoon.egress.EgressLimits;
import dev.raccoon.egress.EgressProxy;
import dev.raccoon.egress.EgressRules;
import dev.raccoon.egress.GitCopies;
import dev.raccoon.egress.HexMirror;
import dev.raccoon.egress.Resolver;
import dev.raccoon.source.ExampleRepository;
import dev.raccoon.source.Git;
import dev.raccoon.source.GitCache;
import dev.raccoon.source.GitHosts;
import dev.raccoon.source.SourceFetcher;
import dev.raccoon.value.CloneUrl;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** How repositories, and what builds fetch beside them, are reached. Closes the way out. */
final class Sourcing implements AutoCloseable {
  private final Settings settings;
  private final DataDirectory data;
  private final Git git;
  private final Settings.Sources origins;
  private final GitHosts hosts;
  private final EgressProxy egress;
  private final SourceFetcher fetcher;

  Sourcing(Settings settings, DataDirectory data) throws IOException {
    this.settings = settings;
    this.data = data;
    this.git = git(data);
    this.origins = origins();
    this.hosts = new GitHosts(origins);
    this.egress =
        new EgressProxy(
            data.work().resolve("egress"),
            new EgressProxy.Network(Resolver.ofMachine(), settings.egress().certificates()),
            EgressLimits.of(settings.egress()),
            git::httpBackend,
            Clock.systemUTC());
    this.fetcher = new SourceFetcher(git, hosts, egress, settings.sources().fetchTimeout());
  }

  GitHosts hosts() {
    return hosts;
  }

  EgressProxy egress() {
    return egress;
  }

  SourceFetcher fetcher() {
    return fetcher;
  }

  /** The copies of repositories that builds clone. */
  GitCopies copies() throws IOException {
    long bytes = CacheShares.of(settings).git();
    return bytes == 0
        ? GitCopies.NONE
        : new GitCache(git, data.cache().resolve("git"), bytes, Clock.systemUTC());
  }

  /** What a build of that source may fetch. */
  Function<CloneUrl, EgressRules> rules() throws IOException {
    Function<CloneUrl, EgressRules> rules =
        url -> EgressRules.forBuild(settings.egress(), origins, url);
    if (settings.egress().hexMirror().isEmpty()) {
      return rules;
    }
    FileCache files =
        new FileCache(
            data.cache().resolve("hex"), CacheShares.of(settings).hex(), Clock.systemUTC());
    HexMirror mirror = new HexMirror(settings.egress().hexMirror().get(), files);
    return rules.andThen(all -> all.with(mirror));
  }

  private Settings.Sources origins() throws IOException {
    List<Settings.Rewrite> rewrites = new ArrayList<>(settings.sources().rewrites());
    rewrites.add(ExampleRepository.make(git, data.helpers().resolve("example.git")));
    return new Settings.Sources(
        rewrites, settings.sources().hosts(), settings.sources().fetchTimeout());
  }

  private static Git git(DataDirectory data) throws IOException {
    Git git = new Git(data.helpers().resolve("git"));
    try {
      git.requireVersion();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return git;
  }

  @Override
  public void close() {
    egress.close();
  }
}
