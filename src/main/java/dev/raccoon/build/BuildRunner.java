package dev.raccoon.build;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.build.PackageStep.Made;
import dev.raccoon.catalog.Artifact;
import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.BuildStore;
import dev.raccoon.catalog.FailureKind;
import dev.raccoon.catalog.LeasedBuildStore;
import dev.raccoon.catalog.LogStore;
import dev.raccoon.metrics.BuildMetrics;
import dev.raccoon.queue.Lease;
import dev.raccoon.queue.LostLeaseException;
import dev.raccoon.queue.QueueStore;
import dev.raccoon.sandbox.WorkFolder;
import dev.raccoon.value.BuildId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one claimed build: fetches, plans, compiles, packs, and records what came of it under the
 * build's lease. Whatever happens, the build ends with a state, a reason and a log, goes back to
 * the queue, or is somebody else's by now.
 */
public final class BuildRunner {
  private static final Logger log = LoggerFactory.getLogger(BuildRunner.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);

  private final Records records;
  private final ArtifactStore artifacts;
  private final RequestSources sources;
  private final Steps steps;
  private final BuildMetrics metrics;
  private final WorkPlace place;

  /** Where builds are recorded. */
  public record Records(
      BuildStore builds, LeasedBuildStore leased, LogStore logs, QueueStore queue) {}

  /** The steps of a build, in their order. */
  public record Steps(PlanStep plan, CompileStep compile, PackageStep pack) {}

  /**
   * Where builds work.
   *
   * @param folder holds a folder for each running build
   * @param logLimitBytes of one build's log
   */
  public record WorkPlace(Path folder, long logLimitBytes) {}

  /** A runner that records in {@code records} and keeps logs in {@code artifacts}. */
  public BuildRunner(
      Records records,
      ArtifactStore artifacts,
      RequestSources sources,
      Steps steps,
      BuildMetrics metrics,
      WorkPlace place) {
    this.records = records;
    this.artifacts = artifacts;
    this.sources = sources;
    this.steps = steps;
    this.metrics = metrics;
    this.place = place;
  }

  /** Runs the build under {@code lease} to its end. An interrupt gives it back to the queue. */
  public void run(Lease lease) {
    Build build = records.builds().find(lease.build()).orElseThrow();
    log.info("Build {} starts: {}", build.id(), describe(build));
    long start = System.nanoTime();
    try (WorkFolder work = WorkFolder.make(place.folder().resolve(build.id().toString()));
        BuildLog output = new BuildLog(records.logs(), lease, work.path(), place.logLimitBytes())) {
      Step<Made> outcome = outcome(build, lease, work.path(), output);
      end(build, lease, outcome, output, Duration.ofNanos(System.nanoTime() - start));
    } catch (LostLeaseException e) {
      log.warn("Build {} is another node's by now", build.id());
    } catch (InterruptedException e) {
      records.queue().release(lease);
      log.info("Build {} goes back to the queue", build.id());
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      log.error("Build {} could not be recorded", build.id(), e);
    } finally {
      forgetSource(build);
    }
  }

  private Step<Made> outcome(Build build, Lease lease, Path work, BuildLog output)
      throws InterruptedException {
    try {
      return steps
          .plan()
          .plan(build, lease, work, output)
          .then(plan -> {
            records.leased().stage(lease, "compile");
            return steps.compile().compile(plan, output);
          })
          .then(plan -> {
            records.leased().stage(lease, "package");
            return steps.pack().pack(plan, output);
          });
    } catch (LostLeaseException e) {
      throw e;
    } catch (InfrastructureException e) {
      return new Step.Failed<>(FailureKind.INFRASTRUCTURE, e.sentence());
    } catch (IOException | RuntimeException e) {
      log.error("Build {} met an error of ours", build.id(), e);
      return new Step.Failed<>(
          FailureKind.INFRASTRUCTURE,
          "An error of the server's; its operator finds it in its log.");
    }
  }

  private void end(Build build, Lease lease, Step<Made> outcome, BuildLog output, Duration took)
      throws IOException {
    switch (outcome) {
      case Step.Done<Made>(Made(String description, List<Artifact> made)) -> {
        output.say("Succeeded in " + took.toMillis() + " ms.");
        records.leased().succeed(lease, description, made, output.store(artifacts));
        metrics.built(true, took);
        log.info("Build {} succeeded in {} ms", build.id(), took.toMillis());
      }
      case Step.BuiltAlready<Made>(BuildId by) -> {
        output.say("Build " + by + " stands for it.");
        records.leased().succeedAs(lease, by, output.store(artifacts));
        log.info("Build {} is build {} already", build.id(), by);
      }
      case Step.Failed<Made>(FailureKind kind, String message) when tryAgain(build, kind) -> {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << (build.attempt() - 1));
        String next = "Our fault: " + message + " Trying again in " + Durations.say(pause) + ".";
        records.leased().tryAgain(lease, pause, next);
        log.warn("Build {} is tried again in {} s: {}", build.id(), pause.toSeconds(), message);
      }
      case Step.Failed<Made>(FailureKind kind, String message) -> {
        output.say("Failed: " + message);
        records.leased().fail(lease, kind, message, output.store(artifacts));
        metrics.built(false, took);
        log.info("Build {} failed ({}): {}", build.id(), kind, message);
      }
    }
  }

  private static boolean tryAgain(Build build, FailureKind kind) {
    return kind == FailureKind.INFRASTRUCTURE && build.attempt() < QueueStore.MAX_ATTEMPTS;
  }

  private void forgetSource(Build build) {
    try {
      sources.release(build.request());
    } catch (IOException | RuntimeException e) {
      log.warn("The source of request {} was not removed: {}", build.request(), e.getMessage());
    }
  }

  private static String describe(Build build) {
    return build.name()
        + " "
        + build.askedRef().map(Object::toString).orElse("(newest tag)")
        + " for OTP "
        + build.askedOtp().map(Object::toString).orElse("(as it lists)");
  }
}
