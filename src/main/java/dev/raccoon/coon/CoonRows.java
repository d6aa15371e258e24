package dev.raccoon.coon;

import dev.raccoon.catalog.Artifact;
import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.BuildState;
import dev.raccoon.catalog.BuildSummary;
import dev.raccoon.catalog.BuildUse;
import dev.raccoon.catalog.DependencyStore;
import dev.raccoon.catalog.SearchStore.AvailableVersion;
import dev.raccoon.queue.QueueControlStore.Place;
import dev.raccoon.toolchain.ResolvedDependencies.LockUse;
import dev.raccoon.toolchain.ResolvedDependency;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Limit;
import dev.raccoon.value.Peaks;
import dev.raccoon.value.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the protocol's lists. Fields may be added; none may be renamed or left out: clients
 * read them by name.
 */
final class CoonRows {
  private CoonRows() {}

  /** A row of {@code /search} and {@code /last_builds}. */
  static Map<String, @Nullable Object> search(BuildSummary build) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("build_id", build.id().toString());
    row.put("namespace", build.namespace());
    row.put("name", build.name());
    row.put("success", build.success());
    row.put("path", build.success() ? download(build.id()) : "/build_log?build_id=" + build.id());
    row.put("build_date", date(build.finishedAt()));
    row.put("version", build.ref().orElse(null));
    row.put("erl_version", build.otpMajor().map(Object::toString).orElse(null));
    row.put("otp_version", build.otpVersion().orElse(null));
    row.put("message", build.message());
    return row;
  }

  /** A row of {@code /builds}. */
  static Map<String, @Nullable Object> available(BuildSummary build) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("build_id", build.id().toString());
    row.put("result", build.success());
    row.put("message", build.message());
    row.put("artifact_path", download(build.id()));
    row.put("created_date", date(build.finishedAt()));
    row.put("ref", build.ref().orElse(null));
    row.put("erl_version", build.otpMajor().map(Object::toString).orElse(null));
    row.put("otp_version", build.otpVersion().orElse(null));
    return row;
  }

  /** A row of {@code /versions}; the id goes by the README's name and by the first server's. */
  static Map<String, Object> version(AvailableVersion version) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("versionId", version.id().toString());
    row.put("version_id", version.id().toString());
    row.put("ref", version.ref());
    row.put("erl_version", Integer.toString(version.otpMajor()));
    return row;
  }

  /** A build of a request that was just taken. */
  static Map<String, @Nullable Object> requested(Build build, Optional<Place> place) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("build_id", build.id().toString());
    row.put("ref", build.ref().or(build::askedRef).map(Object::toString).orElse(null));
    row.put("erl_version", build.otpMajor().map(Object::toString).orElse(null));
    row.put("otp_version", build.otp().map(Object::toString).orElse(null));
    row.put("state", build.state().name());
    row.put("path", "/builds/" + build.id());
    row.put("queue", place.map(CoonRows::queue).orElse(null));
    return row;
  }

  private static Map<String, @Nullable Object> queue(Place place) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("place", place.number());
    row.put("begins_in_seconds", place.begins().map(CoonRows::wholeSeconds).orElse(null));
    row.put("usual_seconds", place.usual().map(CoonRows::wholeSeconds).orElse(null));
    row.put("paused", place.paused());
    row.put("waiting_for", place.waitingFor().orElse(null));
    return row;
  }

  /** Rounded up: nothing takes no time. */
  private static long wholeSeconds(Duration time) {
    return time.plusMillis(999).toSeconds();
  }

  /** All that is known of one build, where it waits, what it made and what it used. */
  static Map<String, @Nullable Object> whole(
      Build build, Optional<Place> place, List<Artifact> artifacts, DependencyStore.Used used) {
    Map<String, @Nullable Object> row = requested(build, place);
    row.put("full_name", build.name().toString());
    row.put("clone_url", build.cloneUrl().toString());
    row.put("commit", build.commit().orElse(null));
    row.put("moved", build.moved());
    row.put("failure", build.failure().map(Enum::name).orElse(null));
    row.put("message", message(build, place));
    row.put("stage", build.stage().orElse(null));
    row.put("limit", build.use().flatMap(BuildUse::limit).map(Limit::key).orElse(null));
    row.put("peaks", build.use().map(use -> peaks(use.peaks())).orElse(null));
    row.put("attempt", build.attempt());
    row.put("queued_date", date(build.queuedAt()));
    row.put("started_date", build.startedAt().map(CoonRows::date).orElse(null));
    row.put("build_date", build.finishedAt().map(CoonRows::date).orElse(null));
    row.put("removed_date", build.removedAt().map(CoonRows::date).orElse(null));
    row.put("log_path", "/build_log?build_id=" + build.id());
    row.put("artifact_path", build.state() == BuildState.SUCCEEDED ? download(build.id()) : null);
    row.put(
        "native",
        artifacts.stream()
            .filter(Artifact::main)
            .findFirst()
            .map(CoonRows::nativeCode)
            .orElse(null));
    row.put("artifacts", artifacts.stream().map(made -> artifact(build.id(), made)).toList());
    row.put("dependencies", used.dependencies().stream().map(CoonRows::dependency).toList());
    row.put(
        "lock", used.lock() == LockUse.NONE ? null : used.lock().name().toLowerCase(Locale.ROOT));
    return row;
  }

  /** A build that waits has no reason of its own but what it waits for. */
  private static String message(Build build, Optional<Place> place) {
    return build.message().isEmpty()
        ? place.flatMap(Place::waitingFor).orElse("")
        : build.message();
  }

  private static Map<String, @Nullable Object> dependency(ResolvedDependency used) {
    boolean hex = used.kind() == ResolvedDependency.Kind.HEX;
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("name", used.name());
    row.put("kind", hex ? "hex" : "git");
    row.put("version", hex ? used.revision() : null);
    row.put("commit", hex ? null : used.revision());
    row.put("source", used.source());
    row.put("inner_sha256", used.innerDigest().map(Sha256::hex).orElse(null));
    row.put("sha256", used.digest().map(Sha256::hex).orElse(null));
    return row;
  }

  /** An application that a build has packed. */
  private static Map<String, @Nullable Object> artifact(BuildId id, Artifact made) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("app", made.application());
    row.put("app_vsn", made.appVsn());
    row.put("main", made.main());
    row.put("format", made.format());
    row.put("size_bytes", made.sizeBytes());
    row.put("sha256", made.digest().hex());
    row.put("path", download(id) + "?app=" + made.application());
    row.put("native", nativeCode(made));
    return row;
  }

  private static @Nullable Map<String, @Nullable Object> nativeCode(Artifact made) {
    return made.nativeCode()
        .map(code -> {
          Map<String, @Nullable Object> row = new LinkedHashMap<>();
          row.put("processors", code.processors());
          row.put("c_libraries", code.cLibraries());
          row.put("nif_version", code.nifVersion().orElse(null));
          return row;
        })
        .orElse(null);
  }

  private static Map<String, Long> peaks(Peaks peaks) {
    Map<String, Long> row = new LinkedHashMap<>();
    row.put("memory_bytes", peaks.memoryBytes());
    row.put("processes", peaks.processes());
    row.put("disk_bytes", peaks.diskBytes());
    row.put("files", peaks.files());
    return row;
  }

  private static String download(BuildId id) {
    return "/download/" + id;
  }

  private static String date(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
