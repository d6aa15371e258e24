package dev.raccoon.toolchain;

import dev.raccoon.value.OtpSelector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a repository's own files say: its {@code raccoon.yaml}, its package configuration ({@code
 * enot_config.json} or, of older ones, {@code coonfig.json}) and the dependencies of that or of its
 * {@code rebar.config}. What is wrong in the latter two is left out with a note, since a package
 * may build without them.
 *
 * @param project what {@code raccoon.yaml} says, or that it cannot be read
 * @param file the configuration file that was read, by its name; empty where there is none
 * @param erlang the OTP versions that the repository asks for, each once, in its order; a list of
 *     {@code raccoon.yaml} counts before one of the package configuration
 * @param settings the whole configuration, in its order; {@link #refusal} says what is wrong with
 *     it
 * @param coon whether the package configuration says how the repository is built: where it has
 *     something that a build depends on, and where no other build tool has a file beside it
 * @param dependencies the direct ones, in their order
 * @param fetches whether rebar3 may have something to fetch before it compiles
 * @param notes sentences for the build's log
 */
public record RepositoryConfig(
    ProjectFile project,
    Optional<String> file,
    List<OtpSelector> erlang,
    Map<String, JsonNode> settings,
    boolean coon,
    List<Dependency> dependencies,
    boolean fetches,
    List<String> notes) {
  /** Of each file; a larger one is left out. */
  public static final int MAX_BYTES = 256 * 1024;

  /** OTP versions of one list; the rest is left out. */
  public static final int MAX_ERLANG = 16;

  private static final List<String> NAMES = List.of("enot_config.json", "coonfig.json");

  /** Of a package configuration, what a build depends on. */
  private static final Set<String> OF_BUILDS =
      Set.of("app_vsn", "deps", "prebuild", "build_vars", "c_build_vars");

  /** What other build tools are configured by. */
  private static final List<String> OTHERS =
      List.of("rebar.config", "rebar.config.script", "erlang.mk", "Makefile", "mix.exs");

  private static final int MAX_APPLICATIONS = 200;
  private static final JsonMapper JSON = new JsonMapper();

  public RepositoryConfig {
    erlang = List.copyOf(erlang);
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    dependencies = List.copyOf(dependencies);
    notes = List.copyOf(notes);
  }

  /**
   * Reads the files at the root of a work tree to which nothing writes meanwhile.
   *
   * @throws IOException if the server cannot read a file that is there
   */
  public static RepositoryConfig read(Path tree) throws IOException {
    List<String> notes = new ArrayList<>();
    Optional<String> file = Optional.empty();
    Map<String, JsonNode> settings = Map.of();
    for (String name : NAMES) {
      TreeFile found = TreeFile.read(tree, name, MAX_BYTES);
      if (!(found instanceof TreeFile.Absent)) {
        file = Optional.of(name);
        settings = settings(name, found, notes);
        break;
      }
    }
    ProjectFile project = ProjectFile.read(tree);
    List<OtpSelector> erlang = PackageSettings.erlang(settings, notes);
    if (project instanceof ProjectFile.Read(ProjectSettings own) && !own.erlang().isEmpty()) {
      erlang = own.erlang();
    }
    boolean coon =
        file.isPresent()
            && (!Collections.disjoint(settings.keySet(), OF_BUILDS) || hasNoOther(tree));
    if (!isAbsent(tree, "raccoon.yml")) {
      notes.add("raccoon.yml is not read: its name must be raccoon.yaml.");
    }
    boolean script = !isAbsent(tree, "rebar.config.script");
    RebarDependencies rebar = rebar(tree);
    notes.addAll(rebar.notes());
    List<Dependency> dependencies = rebar.deps();
    if (coon && settings.containsKey("deps")) {
      dependencies = CoonDependencies.of(settings.get("deps"), notes);
    }
    boolean fetches =
        rebar.fetches() || script || !dependencies.isEmpty() || applicationsFetch(tree);
    return new RepositoryConfig(
        project, file, erlang, settings, coon, dependencies, fetches, notes);
  }

  /**
   * Why there is nothing to build by, in one printable line: {@code raccoon.yaml} cannot be read,
   * or the package configuration has something of another kind than it should be.
   */
  public Optional<String> refusal() {
    return switch (project) {
      case ProjectFile.Refused(String why) -> Optional.of(why);
      case ProjectFile.Read ignored ->
          file.flatMap(name -> PackageSettings.refusal(name, settings));
    };
  }

  /** What {@code raccoon.yaml} sets; nothing where it cannot be read. */
  public ProjectSettings projectSettings() {
    return switch (project) {
      case ProjectFile.Read(ProjectSettings own) -> own;
      case ProjectFile.Refused ignored -> ProjectSettings.NONE;
    };
  }

  private static Map<String, JsonNode> settings(String name, TreeFile file, List<String> notes) {
    return switch (file) {
      case TreeFile.Absent() -> Map.of();
      case TreeFile.Refused(String why) -> {
        notes.add(name + " " + why);
        yield Map.of();
      }
      case TreeFile.Content(byte[] bytes) -> settings(name, bytes, notes);
    };
  }

  private static Map<String, JsonNode> settings(String name, byte[] bytes, List<String> notes) {
    try {
      if (JSON.readTree(bytes) instanceof ObjectNode object) {
        Map<String, JsonNode> settings = new LinkedHashMap<>();
        object.forEachEntry(settings::put);
        return settings;
      }
      notes.add(name + " holds no JSON object.");
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
      notes.add(name + ", line " + line + ": this is no JSON.");
    }
    return Map.of();
  }

  private static boolean hasNoOther(Path tree) throws IOException {
    for (String name : OTHERS) {
      if (!isAbsent(tree, name)) {
        return false;
      }
    }
    return true;
  }

  /** rebar3 takes the dependencies and plugins of an umbrella's applications for the umbrella's. */
  private static boolean applicationsFetch(Path tree) throws IOException {
    for (String parent : List.of("apps", "lib")) {
      for (String name : TreeFolder.names(tree, parent).stream().limit(MAX_APPLICATIONS).toList()) {
        String file = parent + "/" + name + "/rebar.config";
        if (TreeFile.read(tree, file + ".script", MAX_BYTES) instanceof TreeFile.Content
            || (TreeFile.read(tree, file, MAX_BYTES) instanceof TreeFile.Content(byte[] bytes)
                && RebarDependencies.parse(bytes).fetches())) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isAbsent(Path tree, String name) throws IOException {
    return TreeFile.read(tree, name, MAX_BYTES) instanceof TreeFile.Absent;
  }

  private static RebarDependencies rebar(Path tree) throws IOException {
    return switch (TreeFile.read(tree, "rebar.config", MAX_BYTES)) {
      case TreeFile.Absent() -> new RebarDependencies(List.of(), false, List.of());
      case TreeFile.Refused(String why) -> RebarDependencies.noted("rebar.config " + why);
      case TreeFile.Content(byte[] bytes) -> RebarDependencies.parse(bytes);
    };
  }
}
