package dev.raccoon.artifact;

import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the configuration file of a package says.
 *
 * @param application the OTP application's name, which is the package file's as well
 * @param fullName the package
 * @param cloneUrl where it was cloned from; a closing {@code .git} is dropped
 * @param tag the ref as it was requested: a client that asked for another one crashes
 * @param applicationVersion the {@code vsn} of the application's {@code .app} file
 * @param erlang the OTP releases that the package supports
 * @param withSource whether the package holds its source
 * @param dependencies the direct dependencies
 * @param repository what the repository's own configuration file sets, possibly nothing
 */
public record PackageConfiguration(
    String application,
    PackageName fullName,
    String cloneUrl,
    Ref tag,
    String applicationVersion,
    List<String> erlang,
    boolean withSource,
    List<Dependency> dependencies,
    ObjectNode repository) {

  /** A direct dependency, at a tag of a repository whose clone URL is {@code url}. */
  public record Dependency(String name, String url, String tag) {}

  public PackageConfiguration {
    cloneUrl = cloneUrl.endsWith(".git") ? cloneUrl.substring(0, cloneUrl.length() - 4) : cloneUrl;
    erlang = List.copyOf(erlang);
    dependencies = List.copyOf(dependencies);
    repository = repository.deepCopy();
  }
}
