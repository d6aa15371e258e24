package dev.raccoon.artifact;

import dev.raccoon.value.Sha256;
import java.io.IOException;

/** What the store keeps by a digest are other bytes than the digest names. */
public final class DamagedArtifactException extends IOException {
  private static final long serialVersionUID = 1L;

  DamagedArtifactException(Sha256 digest) {
    super("The stored artifact " + digest + " is damaged: its bytes have another digest.");
  }
}
