package dev.raccoon.egress;

import java.io.IOException;
import java.util.Optional;

/**
 * An operator's own mirror, which a request to clone goes to instead of the host that it names;
 * nothing else goes there.
 */
sealed interface Mirror permits LocalRepository, MirrorSite {
  /**
   * The mirror at {@code target}, an absolute path or a URL with file, http or https, for {@code
   * method} at {@code asked}.
   */
  static Mirror of(String target, String method, Destination asked, EgressDoor door)
      throws RefusedException {
    require(GitRequest.of(method, asked.target()), asked);
    if (target.startsWith("http://") || target.startsWith("https://")) {
      return MirrorSite.parse(target, door.proxy().outside());
    }
    String path = target.startsWith("file://") ? target.substring("file://".length()) : target;
    GitRequest request = require(GitRequest.of(method, path), asked);
    return new LocalRepository(request, door.proxy().git(), door.gitPlaces());
  }

  private static GitRequest require(Optional<GitRequest> request, Destination asked)
      throws RefusedException {
    return request.orElseThrow(() ->
        new RefusedException(
            asked.authority()
                + " is a mirror of Raccoon's operator: it can be cloned, nothing else."));
  }

  /** Passes the request of {@code exchange} there, and answers the status that came back. */
  int pass(Exchange exchange)
      throws RefusedException, OutsideException, IOException, InterruptedException;
}
