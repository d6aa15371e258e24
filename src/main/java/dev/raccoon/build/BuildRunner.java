package dev.raccoon.build;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.build.PackageStep.Made;
import dev.raccoon.catalog.Artifact;
import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.BuildStore;
import dev.raccoon.catalog.BuildUse;
import dev.raccoon.catalog.DependencyStore;
import dev.raccoon.catalog.FailureKind;
import dev.raccoon.catalog.LeasedBuildStore;
import dev.raccoon.catalog.LogStore;
import dev.raccoon.db.Database;
import dev.raccoon.metrics.BuildMetrics;
import dev.raccoon.queue.Lease;
import dev.raccoon.queue.LostLeaseException;
import dev.raccoon.queue.NotNowException;
import dev.raccoon.queue.QueueStore;
import dev.raccoon.sandbox.CommandResult;
import dev.raccoon.sandbox.Sandbox;
import dev.raccoon.sandbox.WorkFolder;
import dev.raccoon.sandbox.Workplace;
import dev.raccoon.sandbox.Workspace;
import dev.raccoon.toolchain.ResolvedDependencies;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.Limit;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Peaks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
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
      BuildStore builds,
      LeasedBuildStore leased,
      LogStore logs,
      QueueStore queue,
      DependencyStore dependencies) {}

  /** The steps of a build, in their order; those in the middle are done in {@code sandbox}. */
  public record Steps(PlanStep plan, Sandbox sandbox, PrepareStep prepare, PackageStep pack) {}

  /**
   * Where builds work.
   *
   * @param folder holds a folder for each running build
   * @param limits what a build may have, by its package
   * @param disk what it lies on
   * @param doubt told when a build has met trouble of ours, which may be this machine's
   */
  public record WorkPlace(
      Path folder, Function<PackageName, BuildLimits> limits, Disk disk, Runnable doubt) {}

  /**
   * Where this machine keeps all it keeps.
   *
   * @param hasSpace whether builds may start
   * @param hasDatabase whether the database lies there as well
   */
  public record Disk(BooleanSupplier hasSpace, boolean hasDatabase) {}

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

  /**
   * Runs the build under {@code lease} to its end. An interrupt gives it back to the queue.
   *
   * @throws NotNowException when a disk is full, and not of this build: it is to be given back, too
   */
  public void run(Lease lease) {
    Build build = records.builds().find(lease.build()).orElseThrow();
    Claimed claimed =
        new Claimed(build, lease, place.limits().apply(build.name()), System.nanoTime());
    log.info("Build {} starts: {}", build.id(), describe(build));
    try {
      attempt(claimed).ifPresent(trouble -> goBack(claimed, trouble));
    } catch (NotNowException e) {
      throw e;
    } catch (LostLeaseException e) {
      log.warn("Build {} is another node's by now", build.id());
    } catch (InterruptedException e) {
      giveUp(claimed);
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // Nothing can be written of it now: it is recovered when its lease ends.
      if (Database.isAway(e)) {
        log.warn("Build {} could not be recorded: the database is away", build.id());
      } else {
        log.error("Build {} could not be recorded", build.id(), e);
      }
    } finally {
      forgetSource(build);
    }
  }

  /** A build that runs here, since {@code startNanos}. */
  private record Claimed(Build build, Lease lease, BuildLimits limits, long startNanos) {
    Duration took() {
      return Duration.ofNanos(System.nanoTime() - startNanos);
    }
  }

  /**
   * Runs the build in a folder of this lease's own, since an earlier run of it may not have ended
   * here yet. Answers the trouble of ours that kept it from its end; the folder is gone in any
   * case.
   */
  private Optional<String> attempt(Claimed claimed) throws InterruptedException {
    Path folder = place.folder().resolve(claimed.lease().token().toString());
    try {
      WorkFolder work = WorkFolder.make(folder);
      long logBytes = claimed.limits().amount(Limit.LOG);
      try (BuildLog output = new BuildLog(records.logs(), claimed.lease(), work.path(), logBytes)) {
        return run(claimed, work.path(), output);
      }
    } catch (LostLeaseException | NotNowException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      return Optional.of(ourFault(claimed.build(), e));
    } finally {
      delete(folder);
    }
  }

  private Optional<String> run(Claimed claimed, Path work, BuildLog output)
      throws IOException, InterruptedException {
    try {
      return end(claimed, outcome(claimed, work, output), output);
    } catch (InterruptedException e) {
      Optional<String> by = records.queue().cancelAskedBy(claimed.lease());
      if (by.isEmpty()) {
        throw e;
      }
      cancel(claimed, by.get(), output);
      return Optional.empty();
    }
  }

  private void cancel(Claimed claimed, String by, BuildLog output)
      throws IOException, InterruptedException {
    String message = "Cancelled by %s after %s.".formatted(by, Durations.say(claimed.took()));
    output.say(message);
    records.leased().cancel(claimed.lease(), message, output.store(artifacts));
    log.info("Build {} is cancelled", claimed.build().id());
  }

  private Step<Made> outcome(Claimed claimed, Path work, BuildLog output)
      throws InterruptedException {
    Lease lease = claimed.lease();
    try {
      records.leased().stage(lease, "fetch");
      return steps
          .plan()
          .plan(claimed.build(), lease, work, output)
          .then(plan -> build(claimed, plan, work, output))
          .then(plan -> pack(claimed, plan, output));
    } catch (LostLeaseException e) {
      throw e;
    } catch (InfrastructureException e) {
      return new Step.Failed<>(FailureKind.INFRASTRUCTURE, e.sentence());
    } catch (IOException | RuntimeException e) {
      return new Step.Failed<>(FailureKind.INFRASTRUCTURE, ourFault(claimed.build(), e));
    }
  }

  /** What strangers' code does: nothing of it is left when this returns but the tree. */
  private Step<BuildPlan> build(Claimed claimed, BuildPlan plan, Path work, BuildLog output)
      throws IOException, InterruptedException {
    Workplace workplace = new Workplace(work, plan.tree(), plan.mountPoint());
    ResolvedDependencies before = ResolvedDependencies.read(plan.tree());
    Step<BuildPlan> built;
    Peaks peaks;
    try (Workspace workspace = steps.sandbox().open(workplace, claimed.limits())) {
      records.leased().stage(claimed.lease(), "prepare");
      built =
          steps
              .prepare()
              .prepare(plan, workspace, output)
              .then(prepared -> {
                records.leased().stage(claimed.lease(), "compile");
                return CompileStep.compile(prepared, workspace, output);
              })
              .then(compiled -> takeOut(compiled, workspace, work, output));
      peaks = workspace.peaks();
    }
    Optional<Limit> limit =
        built instanceof Step.Failed<BuildPlan> failed ? failed.limit() : Optional.empty();
    records.leased().used(claimed.lease(), new BuildUse(peaks, limit));
    return built.then(done -> {
      recordDependencies(claimed.lease(), before, done, output);
      return new Step.Done<>(done);
    });
  }

  private void recordDependencies(
      Lease lease, ResolvedDependencies before, BuildPlan built, BuildLog output)
      throws IOException {
    ResolvedDependencies after = ResolvedDependencies.read(built.tree());
    for (String note : after.notes()) {
      output.say("Note: " + note);
    }
    records
        .dependencies()
        .record(lease, new DependencyStore.Used(after.all(), after.lockUse(before)));
  }

  private Step<Made> pack(Claimed claimed, BuildPlan plan, BuildLog output) throws IOException {
    records.leased().stage(claimed.lease(), "package");
    Step<Made> packed = steps.pack().pack(plan, claimed.limits().amount(Limit.ARTIFACT), output);
    if (packed instanceof Step.Failed<Made> failed) {
      failed.limit().ifPresent(limit -> records.leased().ranInto(claimed.lease(), limit));
    }
    return packed;
  }

  private static Step<BuildPlan> takeOut(
      BuildPlan plan, Workspace workspace, Path work, BuildLog output)
      throws IOException, InterruptedException {
    Path tree = work.resolve("built");
    return switch (workspace.copyTree(tree, output)) {
      case CommandResult.NotStarted(String reason) -> throw new InfrastructureException(reason);
      case CommandResult.OverLimit(Limit limit, long amount) ->
          OverLimit.failed(limit, amount, "its files were collected");
      case CommandResult.Exited(int status) when status == 0 -> new Step.Done<>(plan.in(tree));
      case CommandResult.Exited ignored ->
          new Step.Failed<>(
              FailureKind.COMPILE,
              "What it made cannot be copied: the end of its log says which files.");
    };
  }

  private String ourFault(Build build, Exception error) throws InterruptedException {
    return OurFault.say(build.id(), error, place.disk().hasDatabase());
  }

  /** Records how the build has ended; answers the trouble of ours for which it has not. */
  private Optional<String> end(Claimed claimed, Step<Made> outcome, BuildLog output)
      throws IOException, InterruptedException {
    BuildId id = claimed.build().id();
    switch (outcome) {
      case Step.Done<Made>(Made(String description, List<Artifact> made)) -> {
        Duration took = claimed.took();
        output.say("Succeeded in " + took.toMillis() + " ms.");
        records.leased().succeed(claimed.lease(), description, made, output.store(artifacts));
        metrics.built(true, took);
        log.info("Build {} succeeded in {} ms", id, took.toMillis());
      }
      case Step.BuiltAlready<Made>(BuildId by) -> {
        output.say("Build " + by + " stands for it.");
        if (!records.leased().succeedAs(claimed.lease(), by, output.store(artifacts))) {
          return Optional.of("Build " + by + " was removed just now.");
        }
        log.info("Build {} is build {} already", id, by);
      }
      case Step.Elsewhere<Made>(OtpSelector needed) -> {
        records.queue().handOver(claimed.lease(), needed);
        log.info("Build {} is for a node that has OTP {}", id, needed);
      }
      case Step.Failed<Made>(FailureKind kind, String message, Optional<Limit> ignored)
          when kind == FailureKind.INFRASTRUCTURE
              && (mayTryAgain(claimed.build()) || !place.disk().hasSpace().getAsBoolean()) -> {
        return Optional.of(message);
      }
      case Step.Failed<Made>(FailureKind kind, String message, Optional<Limit> ignored) -> {
        fail(claimed, kind, message, output);
        failed(claimed, kind, message);
      }
    }
    return Optional.empty();
  }

  /** What was found out of the package stands, even where its log cannot be kept. */
  private void fail(Claimed claimed, FailureKind kind, String message, BuildLog output)
      throws InterruptedException {
    try {
      output.say("Failed: " + message);
      records.leased().fail(claimed.lease(), kind, message, output.store(artifacts));
    } catch (IOException e) {
      var _ = ourFault(claimed.build(), e);
      records.leased().failWithoutLog(claimed.lease(), kind, message);
    }
  }

  private void failed(Claimed claimed, FailureKind kind, String message) {
    metrics.built(false, claimed.took());
    if (kind == FailureKind.INFRASTRUCTURE) {
      metrics.infrastructure(0, 1);
    }
    log.info("Build {} failed ({}): {}", claimed.build().id(), kind, message);
  }

  /**
   * After trouble of ours: to the queue, for later, or given up as our fault. Where the disk is
   * full though all that this build wrote is gone, it was no attempt; a build that fills the disk
   * itself would otherwise be run for ever.
   */
  private void goBack(Claimed claimed, String trouble) {
    Build build = claimed.build();
    if (!place.disk().hasSpace().getAsBoolean()) {
      throw new NotNowException("the disk is full. " + trouble);
    }
    place.doubt().run();
    if (mayTryAgain(build)) {
      Duration pause = FIRST_PAUSE.multipliedBy(1L << (build.attempt() - 1));
      String next = "Our fault: " + trouble + " Trying again in " + Durations.say(pause) + ".";
      records.leased().tryAgain(claimed.lease(), pause, next);
      metrics.infrastructure(1, 0);
      log.warn("Build {} is tried again in {} s: {}", build.id(), pause.toSeconds(), trouble);
    } else {
      records.leased().failWithoutLog(claimed.lease(), FailureKind.INFRASTRUCTURE, trouble);
      failed(claimed, FailureKind.INFRASTRUCTURE, trouble);
    }
  }

  private static boolean mayTryAgain(Build build) {
    return build.attempt() < QueueStore.MAX_ATTEMPTS;
  }

  /** An orderly end of this run is no attempt. */
  private void giveUp(Claimed claimed) {
    try {
      records.queue().release(claimed.lease());
      log.info("Build {} goes back to the queue", claimed.build().id());
    } catch (RuntimeException e) {
      log.error("Build {} could not be given back", claimed.build().id(), e);
    }
  }

  private static void delete(Path folder) {
    try {
      WorkFolder.delete(folder);
    } catch (IOException e) {
      log.warn("The work folder {} was not removed: {}", folder, e.getMessage());
    }
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
