package dev.raccoon.retention;

import dev.raccoon.artifact.S3ArtifactStore;
import dev.raccoon.cache.FileCache;
import dev.raccoon.config.ArtifactPlace;
import dev.raccoon.testing.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Of packages and logs in a bucket of a real server of the S3 protocol. */
class RetentionOnS3Test extends RetentionContract {
  @TempDir static Path served;
  private static S3Server server;

  private final List<S3ArtifactStore> opened = new ArrayList<>();

  @BeforeAll
  static void startServer() throws IOException {
    server = S3Server.start(served);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void closeStores() {
    opened.forEach(S3ArtifactStore::close);
  }

  @Override
  OldBuilds oldBuilds(Path folder) throws IOException {
    String prefix = "p" + UUID.randomUUID() + "/";
    ArtifactPlace.Service service =
        new ArtifactPlace.Service(Optional.of(server.endpoint()), Optional.empty());
    S3ArtifactStore store =
        new S3ArtifactStore(
            new ArtifactPlace.Bucket(S3Server.BUCKET, prefix, service),
            false,
            new FileCache(folder.resolve("cache"), 1 << 20, Clock.systemUTC()),
            Clock.systemUTC());
    opened.add(store);
    return new OldBuilds(store, digest -> server.object(prefix + "sha256/" + digest));
  }
}
