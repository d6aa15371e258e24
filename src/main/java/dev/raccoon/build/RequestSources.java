package dev.raccoon.build;

import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.BuildStore;
import dev.raccoon.metrics.BuildMetrics;
import dev.raccoon.sandbox.WorkFolder;
import dev.raccoon.source.FetchResult;
import dev.raccoon.source.SourceFetcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/**
 * One fetch for all builds of a request on this node: the first that needs the source fetches it,
 * the others wait for that. It is kept until no build of the request waits or runs.
 */
public final class RequestSources {
  private final SourceFetcher fetcher;
  private final BuildStore builds;
  private final BuildMetrics metrics;
  private final Path folder;
  private final Map<UUID, CompletableFuture<Source>> sources = new ConcurrentHashMap<>();

  /** Sources kept below {@code folder}. */
  public RequestSources(
      SourceFetcher fetcher, BuildStore builds, BuildMetrics metrics, Path folder) {
    this.fetcher = fetcher;
    this.builds = builds;
    this.metrics = metrics;
    this.folder = folder;
  }

  /**
   * A request's source.
   *
   * @param took how long the fetch was
   * @param shared whether another build of the request had it fetched
   */
  record Source(FetchResult result, Duration took, boolean shared) {
    private Source again() {
      return new Source(result, took, true);
    }
  }

  /** The source of {@code build}'s request, fetched now unless it is here. */
  Source of(Build build) throws IOException, InterruptedException {
    CompletableFuture<Source> mine = new CompletableFuture<>();
    CompletableFuture<Source> other = sources.putIfAbsent(build.request(), mine);
    if (other != null) {
      return await(other);
    }
    try {
      Source source = fetch(build);
      mine.complete(source);
      if (!(source.result() instanceof FetchResult.Fetched)) {
        sources.remove(build.request(), mine);
      }
      return source;
    } catch (IOException | InterruptedException | RuntimeException e) {
      sources.remove(build.request(), mine);
      mine.completeExceptionally(e);
      throw e;
    }
  }

  /** Forgets the source of a request of which nothing waits or runs any more. */
  void release(UUID request) throws IOException {
    if (!builds.hasLive(request) && sources.remove(request) != null) {
      WorkFolder.delete(folder(request));
    }
  }

  private Source fetch(Build build) throws IOException, InterruptedException {
    long start = System.nanoTime();
    WorkFolder.delete(folder(build.request()));
    FetchResult result =
        fetcher.fetch(build.cloneUrl(), builds.askedRefs(build.request()), folder(build.request()));
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    metrics.fetched(result instanceof FetchResult.Fetched, took);
    return new Source(result, took, false);
  }

  private static Source await(CompletableFuture<Source> other)
      throws IOException, InterruptedException {
    try {
      return other.get().again();
    } catch (ExecutionException e) {
      throw new IOException("the fetch that this build shares failed", e.getCause());
    }
  }

  private Path folder(UUID request) {
    return folder.resolve(request + ".git");
  }
}
