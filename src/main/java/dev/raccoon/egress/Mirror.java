package dev.raccoon.egress;

import java.io.IOException;

/** An operator's own mirror, which a request goes to instead of the host that it names. */
sealed interface Mirror permits LocalRepository, MirrorSite {
  /** The mirror at {@code target}: an absolute path, or a URL with file, http or https. */
  static Mirror of(String target, EgressProxy proxy) throws RefusedException {
    if (target.startsWith("/")) {
      return new LocalRepository(target, proxy.git());
    }
    if (target.startsWith("file://")) {
      return new LocalRepository(target.substring("file://".length()), proxy.git());
    }
    return MirrorSite.parse(target, proxy.outside());
  }

  /** Passes the request of {@code exchange} there, and answers the status that came back. */
  int pass(Exchange exchange)
      throws RefusedException, OutsideException, IOException, InterruptedException;
}
