package dev.raccoon.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.build.RequestSources.Source;
import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.FailureKind;
import dev.raccoon.catalog.ResolutionStore;
import dev.raccoon.queue.Fleet;
import dev.raccoon.queue.Lease;
import dev.raccoon.source.CheckOutResult;
import dev.raccoon.source.FetchResult;
import dev.raccoon.source.SourceRepository;
import dev.raccoon.source.SourceRepository.Commit;
import dev.raccoon.source.Submodule;
import dev.raccoon.tool.BuildTools;
import dev.raccoon.tool.Checkout;
import dev.raccoon.tool.Choice;
import dev.raccoon.tool.Recipe;
import dev.raccoon.toolchain.OtpInstallation;
import dev.raccoon.toolchain.OtpInstallations;
import dev.raccoon.toolchain.RepositoryConfig;
import dev.raccoon.toolchain.TreeFile;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.Ref;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The first half of a build: settles what a request left open (the newest tag, the OTP versions),
 * has the source fetched, checks its work tree out, records the version, and chooses how it is
 * built.
 */
public final class PlanStep {
  private final RequestSources sources;
  private final Supplier<OtpInstallations> installations;
  private final Fleet fleet;
  private final Optional<OtpSelector> defaultOtp;
  private final BuildTools tools;
  private final ResolutionStore resolutions;

  /**
   * Plans for OTP versions among what {@code installations} tells at that moment, else for {@code
   * defaultOtp}, and with one of {@code tools}; what other nodes of {@code fleet} build is theirs.
   */
  public PlanStep(
      RequestSources sources,
      Supplier<OtpInstallations> installations,
      Fleet fleet,
      Optional<OtpSelector> defaultOtp,
      BuildTools tools,
      ResolutionStore resolutions) {
    this.sources = sources;
    this.installations = installations;
    this.fleet = fleet;
    this.defaultOtp = defaultOtp;
    this.tools = tools;
    this.resolutions = resolutions;
  }

  /** The plan of {@code build}, with its work tree in {@code work}. */
  Step<BuildPlan> plan(Build build, Lease lease, Path work, BuildLog log)
      throws IOException, InterruptedException {
    Optional<OtpSelector> asked = build.askedOtp();
    if (asked.isPresent() && !fleet.isBuiltHere(asked.get())) {
      return elsewhere(List.of(asked.get()));
    }
    return fetch(build, log)
        .then(repository -> checkOut(build, repository, work, log))
        .then(this::chooseOtp)
        .then(choice -> record(lease, choice, log))
        .then(this::chooseTool);
  }

  private Step<SourceRepository> fetch(Build build, BuildLog log)
      throws IOException, InterruptedException {
    log.say("Source: " + build.cloneUrl());
    Source source = sources.of(build);
    return switch (source.result()) {
      case FetchResult.Refused(String sentence) -> new Step.Failed<>(FailureKind.SOURCE, sentence);
      case FetchResult.Unavailable(String sentence) -> throw new InfrastructureException(sentence);
      case FetchResult.Fetched(SourceRepository repository) -> {
        log.say(
            (source.shared() ? "Fetched already for this request, in " : "Fetched in ")
                + source.took().toMillis()
                + " ms.");
        yield new Step.Done<>(repository);
      }
    };
  }

  private record CheckedOut(
      Build build, Ref ref, Commit commit, Path tree, RepositoryConfig config) {}

  private Step<CheckedOut> checkOut(
      Build build, SourceRepository repository, Path work, BuildLog log)
      throws IOException, InterruptedException {
    // What an earlier attempt came to stands, as its splits do, even if there is a newer tag now.
    Optional<Ref> ref = build.askedRef().or(build::ref).or(repository::newestTag);
    if (ref.isEmpty()) {
      return new Step.Failed<>(
          FailureKind.SOURCE, build.cloneUrl() + " has no tag: name a branch or a commit as ref.");
    }
    Optional<Commit> commit = repository.commit(ref.get());
    if (commit.isEmpty()) {
      return new Step.Failed<>(
          FailureKind.SOURCE,
          build.cloneUrl() + " has no tag, branch or commit " + ref.get() + " that can be built.");
    }
    Optional<String> secret = sources.refusal(build, repository.submoduleUrls(ref.get()));
    if (secret.isPresent()) {
      return new Step.Failed<>(FailureKind.SOURCE, secret.get());
    }
    Path tree = work.resolve("tree");
    try {
      switch (repository.checkOut(ref.get(), tree)) {
        case CheckOutResult.Made() -> {}
        case CheckOutResult.Refused(String why) -> {
          return new Step.Failed<>(FailureKind.SOURCE, why);
        }
        case CheckOutResult.Unavailable(String why) -> throw new InfrastructureException(why);
      }
    } catch (IOException | InfrastructureException e) {
      sources.drop(build.request(), repository);
      throw e;
    }
    log.say(ref.get() + " is commit " + commit.get().id() + ".");
    for (Submodule one : repository.submodulesOf(ref.get())) {
      log.say("Submodule %s is commit %s of %s.".formatted(one.path(), one.commit(), one.url()));
    }
    RepositoryConfig config = RepositoryConfig.read(tree);
    if (config.refusal().isPresent()) {
      return new Step.Failed<>(FailureKind.SOURCE, config.refusal().get());
    }
    for (String note : config.notes()) {
      log.say("Note: " + note);
    }
    return new Step.Done<>(new CheckedOut(build, ref.get(), commit.get(), tree, config));
  }

  private record OtpChoice(CheckedOut source, OtpInstallation otp, List<OtpSelector> others) {}

  private Step<OtpChoice> chooseOtp(CheckedOut source) {
    List<OtpSelector> wanted = new ArrayList<>(source.build().askedOtp().stream().toList());
    if (wanted.isEmpty()) {
      wanted.addAll(source.config().erlang());
    }
    if (wanted.isEmpty()) {
      defaultOtp.or(() -> fleet.newest().map(OtpSelector::new)).ifPresent(wanted::add);
    }
    if (wanted.isEmpty()) {
      checkThatAllAreKnown();
      return new Step.Failed<>(
          FailureKind.TOOLCHAIN, "This server has no Erlang/OTP: its operator must install one.");
    }
    for (OtpSelector asked : wanted) {
      Optional<OtpInstallation> found = installations.get().find(asked);
      if (found.isPresent() && fleet.isBuiltHere(asked)) {
        List<OtpSelector> others = wanted.stream().filter(otp -> !otp.equals(asked)).toList();
        return new Step.Done<>(new OtpChoice(source, found.get(), others));
      }
    }
    return elsewhere(wanted);
  }

  /** None of {@code wanted} is built here: another node builds one of them, or none does. */
  private <T> Step<T> elsewhere(List<OtpSelector> wanted) {
    return wanted.stream()
        .filter(otp -> fleet.newest(otp).isPresent())
        .findFirst()
        .<Step<T>>map(Step.Elsewhere::new)
        .orElseGet(() -> noSuchOtp(wanted));
  }

  private Step<OtpChoice> record(Lease lease, OtpChoice choice, BuildLog log) throws IOException {
    CheckedOut source = choice.source();
    ResolutionStore.Known known =
        resolutions.resolve(
            lease,
            new ResolutionStore.Resolved(
                source.ref(),
                source.commit().kind().name(),
                source.commit().id(),
                choice.otp().version(),
                choice.others()));
    if (known.served().isPresent()) {
      log.say("The tag moved: /get goes on serving " + known.served().get() + ".");
    }
    if (known.built().isPresent()) {
      log.say("This commit is built for OTP " + choice.otp().version() + " already.");
      return new Step.BuiltAlready<>(known.built().get());
    }
    return new Step.Done<>(choice);
  }

  private Step<BuildPlan> chooseTool(OtpChoice choice) throws IOException, InterruptedException {
    CheckedOut source = choice.source();
    Checkout checkout =
        new Checkout(
            source.build().name(), source.ref(), source.tree(), source.config(), choice.otp());
    return switch (tools.choose(checkout)) {
      case Choice.NoProgram(String sentence) -> new Step.Failed<>(FailureKind.TOOLCHAIN, sentence);
      case Choice.Unbuildable(String sentence) -> new Step.Failed<>(FailureKind.SOURCE, sentence);
      case Choice.Chosen(Recipe recipe) -> lay(source, checkout, recipe);
    };
  }

  private static Step<BuildPlan> lay(CheckedOut source, Checkout checkout, Recipe recipe)
      throws IOException {
    for (Recipe.LaidFile file : recipe.files()) {
      Optional<String> refused =
          TreeFile.write(checkout.tree(), file.path(), file.text().getBytes(UTF_8));
      if (refused.isPresent()) {
        return new Step.Failed<>(FailureKind.SOURCE, file.path() + " " + refused.get());
      }
    }
    return new Step.Done<>(new BuildPlan(source.build(), source.commit(), checkout, recipe));
  }

  /** What cannot be read just now may be there. */
  private void checkThatAllAreKnown() {
    if (!installations.get().isComplete()) {
      throw new InfrastructureException(
          "Which Erlang/OTP this server has cannot be told now: a disk cannot be read.");
    }
  }

  private <T> Step<T> noSuchOtp(List<OtpSelector> asked) {
    checkThatAllAreKnown();
    String versions = asked.stream().map(OtpSelector::toString).collect(Collectors.joining(" or "));
    return new Step.Failed<>(
        FailureKind.TOOLCHAIN,
        "This server does not have OTP "
            + versions
            + ". It has "
            + OtpInstallations.describe(fleet.all())
            + ".");
  }
}
