package dev.raccoon.retention;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.artifact.FileArtifactStore;
import dev.raccoon.artifact.Stored;
import dev.raccoon.catalog.Artifact;
import dev.raccoon.catalog.DigestStore;
import dev.raccoon.catalog.FailureKind;
import dev.raccoon.catalog.ResolutionStore.Resolved;
import dev.raccoon.catalog.Scenario;
import dev.raccoon.catalog.StoredLog;
import dev.raccoon.config.RetentionRules;
import dev.raccoon.queue.Lease;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A catalogue of builds of any age, with their bytes in a store. */
public final class OldBuilds implements AutoCloseable {
  public final Scenario scenario = new Scenario();
  public final RetentionStore records = new RetentionStore(scenario.jdbi);
  public final DigestStore digests = new DigestStore(scenario.jdbi);
  public final ArtifactStore store;
  private final Function<Sha256, Path> files;

  /** Whose store lies in {@code folder}. */
  public OldBuilds(Path folder) throws IOException {
    this(
        new FileArtifactStore(folder),
        digest ->
            folder
                .resolve("sha256")
                .resolve(digest.hex().substring(0, 2))
                .resolve(digest.hex().substring(2)));
  }

  /** Whose {@code store} keeps its bytes in {@code files}. */
  OldBuilds(ArtifactStore store, Function<Sha256, Path> files) {
    this.store = store;
    this.files = files;
  }

  public Retention retention(RetentionRules rules) {
    return new Retention(records, digests, rules, Clock.systemUTC());
  }

  /** Those that would go. */
  public List<BuildId> expired(RetentionRules rules) {
    List<BuildId> found = new ArrayList<>();
    retention(rules).preview(each -> found.add(each.build()));
    return found;
  }

  /** Removes, and answers what went. */
  public List<BuildId> remove(RetentionRules rules) throws IOException {
    List<BuildId> gone = new ArrayList<>();
    retention(rules).retire(each -> gone.add(each.build()));
    var _ = retention(rules).sweep(store);
    return gone;
  }

  /** A good build, as a new one of whatever there is, whose package has {@code text}. */
  public BuildId good(Resolved resolved, int daysAgo, String text) throws IOException {
    scenario.rebuild(Scenario.DEMO, Scenario.wanted(resolved.ref().name(), resolved.otp().text()));
    Lease lease = scenario.claim();
    scenario.resolutions.resolve(lease, resolved);
    succeed(lease, text);
    age(lease.build(), daysAgo);
    return lease.build();
  }

  /** Puts a package with {@code text} and a log, and ends the build. */
  public void succeed(Lease lease, String text) throws IOException {
    Stored kept = put(text);
    scenario.leased.succeed(
        lease,
        "A demo",
        List.of(
            new Artifact(
                "demo", "ep", "1.0.0", true, kept.digest(), kept.sizeBytes(), Optional.empty())),
        log(lease.build()));
  }

  /** The same, of a build that has not found its version yet. */
  public void succeed(Lease lease, String text, String ref) throws IOException {
    scenario.resolutions.resolve(lease, Scenario.tag(ref, 9, "25.3"));
    succeed(lease, text);
  }

  public BuildId failed(String ref, int daysAgo) throws IOException {
    scenario.rebuild(Scenario.DEMO, Scenario.wanted(ref, "25"));
    Lease lease = scenario.claim();
    scenario.leased.fail(lease, FailureKind.SOURCE, "No such tag.", log(lease.build()));
    age(lease.build(), daysAgo);
    return lease.build();
  }

  public StoredLog log(BuildId build) throws IOException {
    return new StoredLog(put("the log of " + build).digest(), 10);
  }

  public Stored put(String text) throws IOException {
    return store.put(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  /** Has a build, its requests and its bytes be of so many days ago. */
  public void age(BuildId build, int days) throws IOException {
    scenario.sql(
        "update build set finished_at = finished_at - ? * interval '1 day' where id = ?",
        days,
        build.uuid());
    scenario.sql(
        """
        update request set created_at = created_at - ? * interval '1 day'
        where id in (select request_id from request_build where build_id = ?)
        """,
        days,
        build.uuid());
    for (Sha256 digest : bytesOf(build)) {
      putAt(digest, Instant.now().minus(Duration.ofDays(days)));
    }
  }

  public void putAt(Sha256 digest, Instant time) throws IOException {
    Files.setLastModifiedTime(file(digest), FileTime.from(time));
  }

  public Set<Sha256> bytesOf(BuildId build) {
    return digests(
        "select digest from artifact where build_id = :id union select log_digest from build where id = :id and log_digest is not null",
        build);
  }

  private Set<Sha256> digests(String sql, BuildId build) {
    return new HashSet<>(
        scenario.jdbi.withHandle(handle ->
            handle
                .createQuery(sql)
                .bind("id", build.uuid())
                .map((row, context) -> new Sha256(row.getString(1)))
                .list()));
  }

  /** All that any record names. */
  public Set<Sha256> named() {
    return new HashSet<>(
        scenario.jdbi.withHandle(handle ->
            handle
                .createQuery(
                    "select digest from artifact union select log_digest from build where log_digest is not null")
                .map((row, context) -> new Sha256(row.getString(1)))
                .list()));
  }

  /** All that is in the store. */
  public Set<Sha256> kept() throws IOException {
    Set<Sha256> all = new HashSet<>();
    store.list(Optional.empty(), 1_000).forEach(each -> all.add(each.digest()));
    return all;
  }

  /** Where the store keeps them. */
  public Path file(Sha256 digest) {
    return files.apply(digest);
  }

  @Override
  public void close() {
    scenario.close();
  }
}
