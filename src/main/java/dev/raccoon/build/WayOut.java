package dev.raccoon.build;

import dev.raccoon.catalog.Build;
import dev.raccoon.egress.EgressDoor;
import dev.raccoon.egress.EgressLog;
import dev.raccoon.egress.EgressProxy;
import dev.raccoon.egress.EgressRules;
import dev.raccoon.egress.GitCopies;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.CloneUrl;
import java.io.IOException;
import java.util.function.Function;

/**
 * How builds get out while they fetch their dependencies.
 *
 * @param copies of repositories that they clone
 * @param rules where a package's builds may connect to, by the address that it is cloned from
 * @param logs what takes down a build's requests
 */
public record WayOut(
    EgressProxy proxy,
    GitCopies copies,
    Function<CloneUrl, EgressRules> rules,
    Function<BuildId, EgressLog> logs) {
  /** The door of {@code build}, which the caller closes. */
  EgressDoor open(Build build) throws IOException, InterruptedException {
    return proxy.open(rules.apply(build.cloneUrl()), logs.apply(build.id()), copies);
  }
}
