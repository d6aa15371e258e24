package dev.raccoon.coon;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.artifact.Blob;
import dev.raccoon.artifact.DamagedArtifactException;
import dev.raccoon.artifact.PackageFormat;
import dev.raccoon.artifact.StoreAwayException;
import dev.raccoon.catalog.Artifact;
import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.BuildState;
import dev.raccoon.catalog.BuildStore;
import dev.raccoon.catalog.LogStore;
import dev.raccoon.catalog.SearchStore;
import dev.raccoon.catalog.StoredLog;
import dev.raccoon.http.Answer;
import dev.raccoon.http.Envelope;
import dev.raccoon.http.Exchange;
import dev.raccoon.http.RefusedException;
import dev.raccoon.metrics.BuildMetrics;
import dev.raccoon.retention.LastDownloads;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
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

  private static final String PACKAGE_TYPE = "application/x-tar";
  private static final String LOG_TYPE = "text/plain; charset=utf-8";

  private final BuildStore builds;
  private final SearchStore search;
  private final LogStore logs;
  private final ArtifactStore artifacts;
  private final LastDownloads downloads;
  private final BuildMetrics metrics;

  CoonDownloads(CoonRoutes.Catalog catalog, BuildMetrics metrics) {
    this.builds = catalog.builds();
    this.search = catalog.search();
    this.logs = catalog.logs();
    this.artifacts = catalog.artifacts();
    this.downloads = catalog.downloads();
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
    Artifact artifact = found.orElseThrow(() -> nothing(exchange, id, app));
    return file(exchange, id, artifact, "public, max-age=3600");
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
      return file(exchange, found.get().build(), found.get().artifact(), "no-cache")
          .with("X-Build-Id", found.get().build().toString());
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
    if (build.removedAt().isPresent()) {
      throw removed("log", id);
    }
    return stored.isPresent() ? whole(exchange, id, stored.get()) : soFar(exchange, id);
  }

  private Answer soFar(Exchange exchange, BuildId id) {
    long length = logs.length(id);
    RunningLog text = new RunningLog(logs, id, length, () -> kept(exchange, id));
    return new Answer.Stream(LOG_TYPE, length, text, Map.of("Cache-Control", "no-store"));
  }

  private Optional<InputStream> kept(Exchange exchange, BuildId id) throws IOException {
    Optional<StoredLog> stored = find(exchange, id).log();
    return stored.isPresent() ? unpacked(id, stored.get()) : Optional.empty();
  }

  private Answer whole(Exchange exchange, BuildId id, StoredLog stored) throws IOException {
    InputStream text =
        unpacked(id, stored).orElseThrow(() -> lost(exchange, "log", id, stored.digest()));
    return new Answer.Stream(LOG_TYPE, stored.sizeBytes(), text, Map.of());
  }

  private Optional<InputStream> unpacked(BuildId id, StoredLog stored) throws IOException {
    Optional<Blob> blob = open("log", id, stored.digest());
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

  /** The operator's rules did not keep it, perhaps since a moment ago. */
  private static RefusedException removed(String what, BuildId id) {
    return new RefusedException(
        410,
        "The "
            + what
            + " of build "
            + id
            + " was removed by this server's rules for old builds: POST its build_id to /rebuild, and"
            + " it is made again.");
  }

  /** Somebody has taken it from the store: only a build makes it again. */
  private RefusedException lost(Exchange exchange, String what, BuildId id, Sha256 digest) {
    if (find(exchange, id).removedAt().isPresent()) {
      return removed(what, id);
    }
    log.warn("The {} of build {} is not in the artifact store any more: {}", what, id, digest);
    return new RefusedException(
        500,
        "The "
            + what
            + " of build "
            + id
            + " is lost: POST its build_id to /rebuild, and it is made again.");
  }

  private Optional<Blob> open(String what, BuildId id, Sha256 digest) throws IOException {
    return found(what, id, () -> artifacts.open(digest));
  }

  /** Looks into the store; what is wrong with it, or with what it keeps, is told in a sentence. */
  private <T> T found(String what, BuildId id, Look<T> look) throws IOException {
    try {
      return look.take();
    } catch (DamagedArtifactException e) {
      log.warn("The {} of build {} is not handed out: {}", what, id, e.getMessage());
      metrics.damaged();
      throw new RefusedException(
          500,
          "The "
              + what
              + " of build "
              + id
              + " is damaged: POST its build_id to /rebuild, and it is made again.");
    } catch (StoreAwayException e) {
      log.warn("The {} of build {} cannot be read: {}", what, id, e.getMessage());
      throw new RefusedException(
          503, "The artifact store does not answer just now: try again in a moment.");
    }
  }

  private interface Look<T> {
    T take() throws IOException;
  }

  private Answer file(Exchange exchange, BuildId build, Artifact artifact, String caching)
      throws IOException {
    downloads.note(build);
    String disposition =
        "attachment; filename=\"" + artifact.application() + "." + artifact.format() + "\"";
    ArtifactStore.Download download =
        new ArtifactStore.Download(exchange.method(), PACKAGE_TYPE, disposition);
    Optional<URI> elsewhere =
        found("package", build, () -> artifacts.address(artifact.digest(), download));
    if (elsewhere.isPresent()) {
      return redirect(elsewhere.get());
    }
    Blob blob =
        open("package", build, artifact.digest())
            .orElseThrow(() -> lost(exchange, "package", build, artifact.digest()));
    return new Answer.StoredFile(
        blob.file(),
        PACKAGE_TYPE,
        artifact.digest().hex(),
        Map.of(
            "Repr-Digest",
            reprDigest(artifact.digest()),
            "Content-Disposition",
            disposition,
            "Cache-Control",
            caching));
  }

  /** Old clients follow no other form: one of them reads the address from the body. */
  private static Answer redirect(URI address) {
    // Whoever has it may read the package, and it ends.
    return Answer.text(307, address.toString())
        .with("Location", address.toString())
        .with("Cache-Control", "no-store");
  }

  /** RFC 9530's form of a digest. */
  private static String reprDigest(Sha256 digest) {
    byte[] bytes = HexFormat.of().parseHex(digest.hex());
    return "sha-256=:" + Base64.getEncoder().encodeToString(bytes) + ":";
  }

  private RefusedException nothing(Exchange exchange, BuildId id, Optional<String> app) {
    Build build = find(exchange, id);
    if (build.state() == BuildState.SUCCEEDED && build.removedAt().isPresent()) {
      return removed("package", id);
    }
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
