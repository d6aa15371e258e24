package dev.raccoon.coon;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.artifact.Blob;
import dev.raccoon.artifact.PackageFormat;
import dev.raccoon.catalog.Artifact;
import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.BuildStore;
import dev.raccoon.catalog.LogStore;
import dev.raccoon.catalog.SearchStore;
import dev.raccoon.catalog.StoredLog;
import dev.raccoon.http.Answer;
import dev.raccoon.http.Envelope;
import dev.raccoon.http.Exchange;
import dev.raccoon.http.RefusedException;
import dev.raccoon.metrics.BuildMetrics;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The endpoints that hand out package files and logs. */
final class CoonDownloads {
  private static final Logger log = LoggerFactory.getLogger(CoonDownloads.class);

  /** What old clients save as a package unless it is these very bytes. */
  private static final String NO_SUCH_BUILD = "No such build";

  private static final String LOG_TYPE = "text/plain; charset=utf-8";

  private final BuildStore builds;
  private final SearchStore search;
  private final LogStore logs;
  private final ArtifactStore artifacts;
  private final BuildMetrics metrics;

  CoonDownloads(
      BuildStore builds,
      SearchStore search,
      LogStore logs,
      ArtifactStore artifacts,
      BuildMetrics metrics) {
    this.builds = builds;
    this.search = search;
    this.logs = logs;
    this.artifacts = artifacts;
    this.metrics = metrics;
  }

  /** {@code GET /download/ID}: the main application's package, or that of {@code ?app=}. */
  Answer download(Exchange exchange) throws IOException {
    BuildId id = BuildPath.id(exchange.id());
    Optional<String> app = exchange.parameter("app");
    Optional<Artifact> found =
        builds.artifacts(id, exchange.caller().readable()).stream()
            .filter(artifact -> artifact.format().equals(PackageFormat.EP.extension()))
            .filter(artifact -> app.map(artifact.application()::equals).orElse(artifact.main()))
            .findFirst();
    metrics.loaded(found.isPresent());
    return file(id, found.orElseThrow(() -> nothing(exchange, id, app)));
  }

  /**
   * {@code POST /get}: the main application of the newest good build that matches, or that one
   * which {@code app} names. To find nothing is a 200 with a fixed text: any other status ends the
   * old clients with an exception. Who asks for JSON gets a 404.
   */
  Answer get(Exchange exchange) throws IOException {
    CoonBody body = CoonBody.of(exchange);
    Optional<SearchStore.Found> found =
        search.newest(CoonLists.asked(exchange, body), body.app(), PackageFormat.EP.extension());
    metrics.loaded(found.isPresent());
    if (found.isPresent()) {
      // Asked again, it may find a newer build.
      return file(found.get().build(), found.get().artifact())
          .with("X-Build-Id", found.get().build().toString())
          .with("Cache-Control", "no-cache");
    }
    return exchange.accepts("application/json")
        ? Envelope.bad(404, "There is no good build of that: ask for one with /buildAsync.")
        : Answer.text(200, NO_SUCH_BUILD);
  }

  /** {@code GET /build_log?build_id=ID}: what was printed so far, or all of it. */
  Answer buildLog(Exchange exchange) throws IOException {
    BuildId id =
        BuildPath.id(
            exchange
                .parameter("build_id")
                .orElseThrow(() -> new RefusedException(400, "build_id is missing.")));
    Build build = find(exchange, id);
    Optional<StoredLog> stored = build.log();
    return stored.isPresent() ? whole(id, stored.get()) : soFar(exchange, id);
  }

  private Answer soFar(Exchange exchange, BuildId id) {
    long length = logs.length(id);
    RunningLog text = new RunningLog(logs, id, length, () -> kept(exchange, id));
    return new Answer.Stream(LOG_TYPE, length, text, Map.of("Cache-Control", "no-store"));
  }

  private Optional<InputStream> kept(Exchange exchange, BuildId id) throws IOException {
    Optional<StoredLog> stored = find(exchange, id).log();
    return stored.isPresent() ? unpacked(stored.get()) : Optional.empty();
  }

  private Answer whole(BuildId id, StoredLog stored) throws IOException {
    InputStream text = unpacked(stored).orElseThrow(() -> lost("log", id, stored.digest()));
    return new Answer.Stream(LOG_TYPE, stored.sizeBytes(), text, Map.of());
  }

  private Optional<InputStream> unpacked(StoredLog stored) throws IOException {
    Optional<Blob> blob = artifacts.open(stored.digest());
    if (blob.isEmpty()) {
      return Optional.empty();
    }
    InputStream packed = blob.get().bytes();
    try {
      return Optional.of(new GZIPInputStream(packed, 64 * 1024));
    } catch (IOException e) {
      packed.close();
      throw e;
    }
  }

  /** Somebody has taken it from the store: only a build makes it again. */
  private static RefusedException lost(String what, BuildId id, Sha256 digest) {
    log.warn("The {} of build {} is not in the artifact store any more: {}", what, id, digest);
    return new RefusedException(
        500,
        "The "
            + what
            + " of build "
            + id
            + " is lost: POST its build_id to /rebuild, and it is made again.");
  }

  private Answer file(BuildId build, Artifact artifact) throws IOException {
    Path file =
        artifacts
            .file(artifact.digest())
            .orElseThrow(() -> lost("package", build, artifact.digest()));
    String name = artifact.application() + "." + artifact.format();
    return new Answer.StoredFile(
        file,
        "application/x-tar",
        artifact.digest().hex(),
        Map.of(
            "Repr-Digest",
            reprDigest(artifact.digest()),
            "Content-Disposition",
            "attachment; filename=\"" + name + "\"",
            "Cache-Control",
            "public, max-age=3600"));
  }

  /** RFC 9530's form of a digest. */
  private static String reprDigest(Sha256 digest) {
    byte[] bytes = HexFormat.of().parseHex(digest.hex());
    return "sha-256=:" + Base64.getEncoder().encodeToString(bytes) + ":";
  }

  private RefusedException nothing(Exchange exchange, BuildId id, Optional<String> app) {
    Build build = find(exchange, id);
    String why =
        switch (build.state()) {
          case SUCCEEDED -> "Build " + id + " has no application " + app.orElse("") + ".";
          case QUEUED, RUNNING -> "Build " + id + " is not done yet: see /builds/" + id + ".";
          case FAILED, CANCELLED ->
              "Build " + id + " made no package: see /build_log?build_id=" + id + ".";
        };
    return new RefusedException(404, why);
  }

  private Build find(Exchange exchange, BuildId id) {
    return builds
        .find(id, exchange.caller().readable())
        .orElseThrow(() -> new RefusedException(404, "There is no build " + id + "."));
  }
}
