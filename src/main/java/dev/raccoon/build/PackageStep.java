package dev.raccoon.build;

import static java.util.stream.Collectors.joining;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.artifact.BuiltApplication;
import dev.raccoon.artifact.ConfigurationFile;
import dev.raccoon.artifact.PackageConfiguration;
import dev.raccoon.artifact.PackageFormat;
import dev.raccoon.artifact.PackageLimits;
import dev.raccoon.artifact.Packer;
import dev.raccoon.artifact.Packing;
import dev.raccoon.build.BuiltApplications.Found;
import dev.raccoon.catalog.Artifact;
import dev.raccoon.catalog.FailureKind;
import dev.raccoon.catalog.NativeCode;
import dev.raccoon.toolchain.Dependency;
import dev.raccoon.toolchain.RepositoryConfig;
import dev.raccoon.value.Limit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Packs each application of a compiled work tree and puts the packages into the artifact store. */
public final class PackageStep {
  private static final PackageFormat FORMAT = PackageFormat.EP;

  private final int maxMembers;
  private final ArtifactStore artifacts;

  /** Packs at most {@code maxMembers} files each into {@code artifacts}. */
  public PackageStep(int maxMembers, ArtifactStore artifacts) {
    this.maxMembers = maxMembers;
    this.artifacts = artifacts;
  }

  /**
   * What a build made.
   *
   * @param description of the main application, in its own words
   */
  record Made(String description, List<Artifact> artifacts) {}

  /**
   * Packs what {@code plan}'s compilation has left in its work tree, together no more than {@code
   * limitBytes}.
   */
  Step<Made> pack(BuildPlan plan, long limitBytes, BuildLog log) throws IOException {
    return switch (BuiltApplications.find(plan.tree(), plan.recipe().output())) {
      case BuiltApplications.Result.Refused(String sentence) -> refused(sentence);
      case BuiltApplications.Result.Applications(List<Found> none) when none.isEmpty() ->
          refused(
              "The repository has no OTP application: "
                  + plan.recipe().tool()
                  + " compiled nothing that can be packed.");
      case BuiltApplications.Result.Applications(List<Found> all) -> {
        Packer packer = new Packer(new PackageLimits(limitBytes, maxMembers));
        Optional<Found> main = main(plan, all);
        yield main.isPresent()
            ? packAll(plan, all, main.get(), packer, log)
            : refused(
                "raccoon.yaml names an application that was not built: there is "
                    + all.stream().map(found -> found.app().name()).collect(joining(", "))
                    + ".");
      }
    };
  }

  private record Packed(Found found, Packing.Packed file, Optional<NativeCode> nativeCode) {}

  /**
   * All are packed before any is kept, so that a build that is refused leaves nothing in the store;
   * together they are no longer than one may be.
   */
  private Step<Made> packAll(
      BuildPlan plan, List<Found> all, Found main, Packer packer, BuildLog log) throws IOException {
    List<Packed> packed = new ArrayList<>();
    long left = packer.limits().sizeBytes();
    for (Found found : all) {
      Path file = plan.tree().resolveSibling(found.app().name() + "." + FORMAT.extension());
      switch (packer.pack(application(plan, found), file)) {
        case Packing.Refused(String sentence) -> {
          return refused(sentence);
        }
        case Packing.TooLarge(long limitBytes) -> {
          return tooLarge("The package of " + found.app().name() + " is", limitBytes);
        }
        case Packing.Packed one -> {
          left -= one.sizeBytes();
          packed.add(new Packed(found, one, NativeSummary.of(one.natives(), plan.otp())));
        }
      }
      if (left < 0) {
        return tooLarge("The packages together are", packer.limits().sizeBytes());
      }
    }
    return new Step.Done<>(new Made(main.app().description(), keep(packed, main, log)));
  }

  private List<Artifact> keep(List<Packed> packed, Found main, BuildLog log) throws IOException {
    List<Artifact> made = new ArrayList<>();
    for (Packed one : packed) {
      Found found = one.found();
      Packing.Packed file = one.file();
      artifacts.put(file.file());
      Files.delete(file.file());
      log.say(
          "Packed %s.%s: %d members, %d bytes, SHA-256 %s"
              .formatted(
                  found.app().name(),
                  FORMAT.extension(),
                  file.members(),
                  file.sizeBytes(),
                  file.digest()));
      made.add(
          new Artifact(
              found.app().name(),
              FORMAT.extension(),
              found.app().vsn(),
              found.equals(main),
              file.digest(),
              file.sizeBytes(),
              one.nativeCode()));
    }
    return made;
  }

  /**
   * What {@code /get} serves: the application that {@code raccoon.yaml} names; where it names none,
   * the one at the root, else the one named like the repository, else the first.
   */
  private static Optional<Found> main(BuildPlan plan, List<Found> all) {
    Optional<String> named = plan.config().projectSettings().application();
    if (named.isPresent()) {
      return called(named.get(), all);
    }
    return all.stream()
        .filter(found -> found.source().toString().isEmpty())
        .findFirst()
        .or(() -> called(plan.build().name().name(), all))
        .or(() -> Optional.of(all.getFirst()));
  }

  private static Optional<Found> called(String name, List<Found> all) {
    return all.stream().filter(found -> found.app().name().equals(name)).findFirst();
  }

  private static BuiltApplication application(BuildPlan plan, Found found) {
    boolean withSource = withSource(plan.config());
    byte[] configuration = ConfigurationFile.bytes(configuration(plan, found, withSource));
    return new BuiltApplication(
        plan.tree(),
        plan.mountPoint(),
        found.ebin(),
        found.source(),
        withSource ? plan.recipe().output().sources() : List.of(),
        FORMAT,
        found.othersInEbin(),
        Map.of(FORMAT.configurationName(), configuration));
  }

  private static PackageConfiguration configuration(
      BuildPlan plan, Found found, boolean withSource) {
    RepositoryConfig config = plan.config();
    List<String> erlang =
        config.erlang().isEmpty()
            ? List.of(Integer.toString(plan.otp().version().major()))
            : config.erlang().stream().map(Object::toString).toList();
    ObjectNode own = JsonNodeFactory.instance.objectNode();
    own.setAll(config.settings());
    return new PackageConfiguration(
        found.app().name(),
        plan.build().name(),
        plan.build().cloneUrl().toString(),
        plan.ref(),
        found.app().vsn(),
        erlang,
        withSource,
        dependencies(config),
        own);
  }

  /** A package holds its source unless its configuration says otherwise. */
  private static boolean withSource(RepositoryConfig config) {
    JsonNode said = config.settings().get("with_source");
    return said == null || !said.isBoolean() || said.booleanValue();
  }

  private static List<PackageConfiguration.Dependency> dependencies(RepositoryConfig config) {
    List<PackageConfiguration.Dependency> named = new ArrayList<>();
    for (Dependency dependency : config.dependencies()) {
      switch (dependency) {
        case Dependency.Git(String name, String url, Optional<Dependency.Revision> revision) ->
            named.add(
                new PackageConfiguration.Dependency(
                    name, url, revision.map(Dependency.Revision::text).orElse("")));
        case Dependency.Hex(String name, String ignored, Optional<String> requirement) ->
            named.add(new PackageConfiguration.Dependency(name, "", requirement.orElse("")));
      }
    }
    return named;
  }

  private static <T> Step<T> tooLarge(String what, long limitBytes) {
    return new Step.Failed<>(
        FailureKind.LIMIT,
        what + " larger than " + OverLimit.bytes(limitBytes) + ".",
        Limit.ARTIFACT);
  }

  private static <T> Step<T> refused(String sentence) {
    return new Step.Failed<>(FailureKind.COMPILE, sentence);
  }
}
