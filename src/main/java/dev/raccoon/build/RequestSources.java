package dev.raccoon.build;

import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.BuildStore;
import dev.raccoon.egress.EgressLog;
import dev.raccoon.metrics.BuildMetrics;
import dev.raccoon.sandbox.WorkFolder;
import dev.raccoon.source.FetchResult;
import dev.raccoon.source.SourceFetcher;
import dev.raccoon.source.SourceRepository;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.CloneUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One fetch for all builds of a request on this node: the first that needs the source fetches it,
 * the others wait for that. It is kept until no build of the request waits or runs, even if it was
 * dropped meanwhile: somebody may be checking out of it. So each fetch has a folder of its own.
 */
public final class RequestSources {
  private static final Logger log = LoggerFactory.getLogger(RequestSources.class);

  private final SourceFetcher fetcher;
  private final BuildStore builds;
  private final BuildMetrics metrics;
  private final Path folder;
  private final Function<BuildId, EgressLog> egressLogs;
  private final Map<UUID, CompletableFuture<Source>> sources = new ConcurrentHashMap<>();
  private final AtomicLong fetches = new AtomicLong();

  /** Sources kept below {@code folder}; {@code egressLogs} take down what a build's fetch does. */
  public RequestSources(
      SourceFetcher fetcher,
      BuildStore builds,
      BuildMetrics metrics,
      Path folder,
      Function<BuildId, EgressLog> egressLogs) {
    this.egressLogs = egressLogs;
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
    while (true) {
      CompletableFuture<Source> mine = new CompletableFuture<>();
      CompletableFuture<Source> other = sources.putIfAbsent(build.request(), mine);
      if (other == null) {
        return fetch(build, mine);
      }
      Optional<Source> shared = await(other);
      if (shared.isPresent()) {
        return shared.get();
      }
    }
  }

  /**
   * Why {@code build} may not hold what is at one of {@code urls}, if it may not: only this server
   * can read it, and it is the source of a package in another's private namespace.
   */
  Optional<String> refusal(Build build, List<CloneUrl> urls) {
    String own = build.name().namespace().toLowerCase(Locale.ROOT);
    return urls.stream()
        .filter(fetcher::isReachedByUsAlone)
        .filter(url -> builds.privateSources(url).stream().anyMatch(name -> !name.equals(own)))
        .findFirst()
        .map(url -> "There is no repository that anyone may read at " + url + ".");
  }

  /** Forgets a source that turned out to be unusable: whoever comes next fetches it anew. */
  void drop(UUID request, SourceRepository repository) {
    sources.computeIfPresent(request, (ignored, kept) -> isOf(kept, repository) ? null : kept);
  }

  private static boolean isOf(CompletableFuture<Source> kept, SourceRepository repository) {
    return kept.state() == Future.State.SUCCESS
        && kept.resultNow().result().equals(new FetchResult.Fetched(repository));
  }

  /**
   * Deletes all sources of {@code request}, and of any other, when no build of it waits or runs any
   * more: the last one may have ended on another node.
   */
  void release(UUID request) throws IOException {
    Set<UUID> here = new HashSet<>(sources.keySet());
    here.add(request);
    for (UUID each : here) {
      if (!builds.hasLive(each)) {
        WorkFolder.delete(folder(each));
        sources.remove(each);
      }
    }
  }

  private Source fetch(Build build, CompletableFuture<Source> mine)
      throws IOException, InterruptedException {
    Path into = folder(build.request()).resolve(fetches.incrementAndGet() + ".git");
    try {
      Source source = fetch(build, into);
      if (!(source.result() instanceof FetchResult.Fetched)) {
        discard(build.request(), into, mine);
      }
      mine.complete(source);
      return source;
    } catch (IOException | InterruptedException | RuntimeException e) {
      discard(build.request(), into, mine);
      if (e instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
        mine.cancel(false);
      } else {
        mine.completeExceptionally(e);
      }
      throw e;
    }
  }

  private Source fetch(Build build, Path into) throws IOException, InterruptedException {
    long start = System.nanoTime();
    FetchResult result =
        fetcher.fetch(
            build.cloneUrl(),
            builds.askedRefs(build.request()),
            into,
            egressLogs.apply(build.id()));
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    metrics.fetched(result instanceof FetchResult.Fetched, took);
    return new Source(result, took, false);
  }

  /** Removes what a failed fetch has left. */
  private void discard(UUID request, Path into, CompletableFuture<Source> mine) {
    try {
      WorkFolder.delete(into);
    } catch (IOException e) {
      log.warn("What a fetch for request {} left was not removed: {}", request, e.getMessage());
    } finally {
      sources.remove(request, mine);
    }
  }

  /** Empty when that fetch was given up: the build that began it was interrupted. */
  private static Optional<Source> await(CompletableFuture<Source> other)
      throws IOException, InterruptedException {
    try {
      return Optional.of(other.get().again());
    } catch (CancellationException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IOException("the fetch that this build shares failed", e.getCause());
    }
  }

  private Path folder(UUID request) {
    return folder.resolve(request.toString());
  }
}
