package dev.raccoon.artifact;

import dev.raccoon.cache.FileCache;
import dev.raccoon.config.ArtifactPlace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** A node that puts one large artifact, and may be killed while it does. */
final class PutIntoABucket {
  private PutIntoABucket() {}

  public static void main(String[] arguments) throws IOException {
    ArtifactPlace.Service service =
        new ArtifactPlace.Service(Optional.of(URI.create(arguments[0])), Optional.empty());
    try (S3ArtifactStore store =
        new S3ArtifactStore(
            new ArtifactPlace.Bucket("raccoon", arguments[1], service),
            false,
            new FileCache(Path.of(arguments[2]), 0, Clock.systemUTC()),
            Clock.systemUTC())) {
      store.put(new ByteArrayInputStream(new byte[Integer.parseInt(arguments[3])]));
    }
  }
}
