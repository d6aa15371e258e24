package dev.raccoon.cli;

import dev.raccoon.catalog.DigestStore;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** All packages and logs that the catalogue names, one after the other, a page in memory. */
final class NamedBytes {
  private static final int PAGE = 500;

  private final DigestStore digests;

  NamedBytes(DigestStore digests) {
    this.digests = digests;
  }

  /** What is done with each. */
  interface Visitor {
    /** A package, once for all the builds that made it. */
    void packageFile(Sha256 digest) throws IOException;

    void log(DigestStore.Log log) throws IOException;
  }

  void visit(Visitor visitor) throws IOException {
    Optional<Sha256> after = Optional.empty();
    List<Sha256> packages = digests.packages(after, PAGE);
    while (!packages.isEmpty()) {
      for (Sha256 digest : packages) {
        visitor.packageFile(digest);
      }
      after = Optional.of(packages.getLast());
      packages = digests.packages(after, PAGE);
    }
    Optional<BuildId> last = Optional.empty();
    List<DigestStore.Log> logs = digests.logs(last, PAGE);
    while (!logs.isEmpty()) {
      for (DigestStore.Log log : logs) {
        visitor.log(log);
      }
      last = Optional.of(logs.getLast().build());
      logs = digests.logs(last, PAGE);
    }
  }
}
