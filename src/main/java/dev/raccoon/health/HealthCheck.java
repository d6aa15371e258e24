package dev.raccoon.health;

import dev.raccoon.access.Caller;
import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.db.Database;
import dev.raccoon.http.Answer;
import dev.raccoon.http.Envelope;
import dev.raccoon.http.Route;
import dev.raccoon.toolchain.OtpInstallations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every part that the server needs. Without its database or its artifact store it is DOWN;
 * without anything else it still serves what it has, and says which builds cannot run.
 */
public final class HealthCheck {
  /** How long a look counts: each writes to the disk, and one at a missing database takes long. */
  private static final Duration FRESH = Duration.ofSeconds(2);

  private static final List<String> C_COMPILERS = List.of("/usr/bin/cc", "/usr/local/bin/cc");

  /** A store that lies elsewhere is asked three times, over a network. */
  private static final Duration STORE_PATIENCE = Duration.ofSeconds(3);

  private static final Logger log = LoggerFactory.getLogger(HealthCheck.class);

  private final Probe database;
  private final Probe artifacts;
  private final Vital vital;
  private final Optional<Building> building;
  private final IntSupplier nodesUp;
  private final Clock clock;
  private final ReentrantLock looking = new ReentrantLock();
  private Look last = new Look(Instant.EPOCH, Map.of());

  /** What every server needs; {@code worker} tells whether its share of the queue is seen to. */
  public record Vital(
      Database database, ArtifactStore artifacts, DiskSpace disk, BooleanSupplier worker) {}

  /**
   * What builds need: the sandbox's trouble if it has any, whether there is a folder to work in,
   * Erlang/OTP, and build tools.
   */
  public record Building(
      Supplier<Optional<String>> sandboxTrouble,
      BooleanSupplier workFolder,
      Supplier<OtpInstallations> installations,
      Tools tools) {}

  /** Whether anything can be built with them, and what they are, within a sentence. */
  public record Tools(BooleanSupplier usable, Supplier<String> description) {}

  /**
   * Looks at those parts, by {@code clock} at most once in {@link #FRESH}; a server that does not
   * build looks at how many nodes do.
   */
  public HealthCheck(Vital vital, Optional<Building> building, IntSupplier nodesUp, Clock clock) {
    this.database = new Probe(vital.database()::answers, Probe.PATIENCE);
    this.artifacts = new Probe(() -> works(vital.artifacts()), STORE_PATIENCE);
    this.vital = vital;
    this.building = building;
    this.nodesUp = nodesUp;
    this.clock = clock;
  }

  /** A part's state, with a word about it. */
  private record Part(boolean up, boolean vital, String detail) {
    Map<String, Object> row() {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("status", up ? "UP" : "DOWN");
      row.put("detail", detail);
      return row;
    }
  }

  private record Look(Instant when, Map<String, Part> parts) {}

  /** {@code GET /health}; {@code open}: its details are for who has no token, too. */
  public List<Route> routes(boolean open) {
    return List.of(
        Route.get(
            "/health",
            exchange -> answer(open || !(exchange.caller() instanceof Caller.Anonymous))));
  }

  private Answer answer(boolean details) {
    Map<String, Part> parts = lately();
    boolean vital = parts.values().stream().allMatch(part -> part.up() || !part.vital());
    boolean all = parts.values().stream().allMatch(Part::up);
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("status", vital ? (all ? "UP" : "DEGRADED") : "DOWN");
    if (details) {
      parts.forEach((name, part) -> response.put(name, part.row()));
    }
    String trouble = details ? sentence(parts) : "The server cannot work.";
    return Envelope.of(vital ? 200 : 503, vital, vital ? response : trouble);
  }

  /** The last look, or a new one; whoever asks while one is being taken waits for it. */
  private Map<String, Part> lately() {
    looking.lock();
    try {
      if (!clock.instant().isBefore(last.when().plus(FRESH))) {
        Map<String, Part> parts = look();
        last = new Look(clock.instant(), parts);
      }
      return last.parts();
    } finally {
      looking.unlock();
    }
  }

  private Map<String, Part> look() {
    Map<String, Part> parts = new LinkedHashMap<>();
    boolean answers = database.answers();
    parts.put("database", new Part(answers, true, answers ? "answers" : "does not answer"));
    parts.put("artifact_store", store());
    parts.put("disk_space", new Part(vital.disk().isEnough(), false, vital.disk().describe()));
    boolean works = vital.worker().getAsBoolean();
    parts.put("worker", new Part(works, false, works ? "works" : "stopped: restart the server"));
    if (building.isPresent()) {
      look(building.get(), parts);
    } else {
      int up = nodesUp.getAsInt();
      parts.put(
          "nodes", new Part(up > 0, false, up == 0 ? "none is up: start a worker" : up + " up"));
    }
    return parts;
  }

  private static void look(Building building, Map<String, Part> parts) {
    boolean sandboxWorks = building.sandboxTrouble().get().isEmpty();
    parts.put(
        "sandbox",
        new Part(
            sandboxWorks,
            false,
            sandboxWorks ? "works" : "cannot be made: the reason is in the server's log"));
    boolean writable = building.workFolder().getAsBoolean();
    parts.put(
        "work_folder", new Part(writable, false, writable ? "writable" : "cannot be written"));
    OtpInstallations otp = building.installations().get();
    parts.put("otp_installations", new Part(!otp.all().isEmpty(), false, otp.describe()));
    Tools tools = building.tools();
    parts.put(
        "build_tools", new Part(tools.usable().getAsBoolean(), false, tools.description().get()));
    // Where every sandbox finds it. Most packages do without, so that none is no trouble.
    boolean compilesC = C_COMPILERS.stream().anyMatch(file -> Files.isExecutable(Path.of(file)));
    parts.put(
        "c_compiler",
        new Part(
            true, false, compilesC ? "cc" : "none: packages with native code cannot be built"));
  }

  private Part store() {
    boolean works = artifacts.answers();
    return new Part(works, true, works ? "writes and reads" : "cannot be written");
  }

  /** The operator finds the reason in the log. */
  private static boolean works(ArtifactStore artifacts) {
    try {
      artifacts.check();
      return true;
    } catch (IOException e) {
      log.warn("The artifact store fails its check: {}", e.toString());
      return false;
    }
  }

  private static String sentence(Map<String, Part> parts) {
    StringBuilder sentence = new StringBuilder("The server cannot work:");
    parts.forEach((name, part) -> {
      if (!part.up() && part.vital()) {
        sentence.append(' ').append(name).append(' ').append(part.detail()).append('.');
      }
    });
    return sentence.toString();
  }
}
