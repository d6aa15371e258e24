package dev.raccoon.cli;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.artifact.Blob;
import dev.raccoon.artifact.DamagedArtifactException;
import dev.raccoon.artifact.Stored;
import dev.raccoon.catalog.DigestStore;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** Copies all that the catalogue names to another store; what is there already is left out. */
final class StoreMove {
  private final Session session;
  private final ArtifactStore from;
  private final ArtifactStore to;
  private long copied;
  private long present;
  private long lost;

  StoreMove(Session session, ArtifactStore from, ArtifactStore to) {
    this.session = session;
    this.from = from;
    this.to = to;
  }

  /** Whether all of it is in the other store now. */
  boolean run(DigestStore digests) throws IOException {
    to.check();
    new NamedBytes(digests)
        .visit(
            new NamedBytes.Visitor() {
              @Override
              public void packageFile(Sha256 digest) throws IOException {
                copy("package", digest);
              }

              @Override
              public void log(DigestStore.Log log) throws IOException {
                copy("log", log.digest());
              }
            });
    session
        .out()
        .println(
            copied
                + " packages and logs were copied, "
                + present
                + " were there already, "
                + lost
                + " are missing or damaged here.");
    return lost == 0;
  }

  private void copy(String what, Sha256 digest) throws IOException {
    OptionalLong there = to.size(digest);
    if (there.isPresent() && there.equals(from.size(digest))) {
      present++;
      return;
    }
    try (Blob blob = opened(digest).orElse(null)) {
      if (blob == null) {
        lost++;
        session.errors().println("raccoon: There is no " + what + " " + digest + " to copy.");
        return;
      }
      Stored stored = to.put(blob.bytes());
      if (!stored.digest().equals(digest)) {
        throw new IOException("The " + what + " " + digest + " changed while it was copied.");
      }
      copied++;
    }
  }

  private Optional<Blob> opened(Sha256 digest) throws IOException {
    try {
      return from.open(digest);
    } catch (DamagedArtifactException e) {
      session.errors().println("raccoon: " + e.getMessage());
      return Optional.empty();
    }
  }
}
