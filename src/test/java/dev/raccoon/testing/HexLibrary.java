package dev.raccoon.testing;

import dev.raccoon.toolchain.Dependency;
import dev.raccoon.toolchain.RepositoryConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A library's tree, as its author would publish it on Hex. */
public final class HexLibrary {
  /** The only versions that Hex has. */
  private static final Pattern VERSION =
      Pattern.compile("[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.-]+)?");

  private static final String ANY = ">= 0.0.0";
  private static final Pattern APPLICATION =
      Pattern.compile("(?:src/([a-z0-9_]+)\\.app\\.src|ebin/([a-z0-9_]+)\\.app)");
  private static final Pattern MIX_APPLICATION = Pattern.compile("\\bapp: :([a-z0-9_]+)");
  private static final Pattern MIX_DEPENDENCY =
      Pattern.compile("\\{:([a-z0-9_]+), \"([^\"]+)\"([^}]*)}");

  private final Path tree;
  private final Map<String, HexTarball.Source> files;

  private HexLibrary(Path tree, Map<String, HexTarball.Source> files) {
    this.tree = tree;
    this.files = files;
  }

  /** What {@code tag} of a repository has; {@code tree} is a folder for it, not there yet. */
  public static HexLibrary of(Path repository, String tag, Path tree)
      throws IOException, InterruptedException {
    Path archive = tree.resolveSibling(tree.getFileName() + ".tar");
    Files.createDirectories(tree);
    run("git", "--git-dir=" + repository, "archive", "-o", archive.toString(), tag);
    run("tar", "-xf", archive.toString(), "-C", tree.toString());
    Map<String, HexTarball.Source> files = new TreeMap<>();
    try (Stream<Path> found = Files.walk(tree)) {
      for (Path file : found.filter(Files::isRegularFile).toList()) {
        files.put(
            tree.relativize(file).toString(),
            new HexTarball.Source(Files.readAllBytes(file), Files.isExecutable(file)));
      }
    }
    return new HexLibrary(tree, files);
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Program.Ended ended = Program.run(new ProcessBuilder(command));
    if (ended.status() != 0) {
      throw new IOException(String.join(" ", command) + ": " + ended.errors());
    }
  }

  /** Publishes it, if it has a version and an application that Hex could have. */
  public void publish(TestHexMirror mirror, String version) throws IOException {
    Optional<String> name = application();
    if (name.isPresent() && VERSION.matcher(version).matches()) {
      mirror.publishSources(name.get(), version, files, requirements());
    }
  }

  private Optional<String> application() throws IOException {
    for (String file : files.keySet()) {
      Matcher matcher = APPLICATION.matcher(file);
      if (matcher.matches()) {
        return Optional.of(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
      }
    }
    return Optional.of(MIX_APPLICATION.matcher(mix()))
        .filter(Matcher::find)
        .map(found -> found.group(1));
  }

  private String mix() throws IOException {
    Path file = tree.resolve("mix.exs");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private Map<String, String> requirements() throws IOException {
    if (!files.containsKey("rebar.config")) {
      return mixRequirements();
    }
    Map<String, String> requirements = new LinkedHashMap<>();
    for (Dependency dependency : RepositoryConfig.read(tree).dependencies()) {
      switch (dependency) {
        case Dependency.Git git -> requirements.put(git.name(), ANY);
        case Dependency.Hex hex ->
            requirements.put(hex.packageName(), hex.requirement().orElse(ANY));
      }
    }
    return requirements;
  }

  private Map<String, String> mixRequirements() throws IOException {
    Map<String, String> requirements = new LinkedHashMap<>();
    Matcher matcher = MIX_DEPENDENCY.matcher(mix());
    while (matcher.find()) {
      if (List.of("only:", "optional:").stream().noneMatch(matcher.group(3)::contains)) {
        requirements.put(matcher.group(1), matcher.group(2));
      }
    }
    return requirements;
  }
}
