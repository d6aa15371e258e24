package dev.raccoon;

import dev.raccoon.access.AuditStore;
import dev.raccoon.access.NamespaceStore;
import dev.raccoon.access.TokenStore;
import dev.raccoon.admin.AdminRoutes;
import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.artifact.FileArtifactStore;
import dev.raccoon.artifact.S3ArtifactStore;
import dev.raccoon.cache.FileCache;
import dev.raccoon.catalog.BuildStore;
import dev.raccoon.catalog.BulkFeedStore;
import dev.raccoon.catalog.BulkStore;
import dev.raccoon.catalog.DependencyStore;
import dev.raccoon.catalog.DigestStore;
import dev.raccoon.catalog.EgressStore;
import dev.raccoon.catalog.LeasedBuildStore;
import dev.raccoon.catalog.LogStore;
import dev.raccoon.catalog.PackageLimitStore;
import dev.raccoon.catalog.RequestStore;
import dev.raccoon.catalog.ResolutionStore;
import dev.raccoon.catalog.SearchStore;
import dev.raccoon.config.ArtifactPlace;
import dev.raccoon.otp.NodeOtpStore;
import dev.raccoon.otp.OtpInstallStore;
import dev.raccoon.queue.CancelStore;
import dev.raccoon.queue.NodeStore;
import dev.raccoon.queue.QueueControlStore;
import dev.raccoon.queue.QueueListStore;
import dev.raccoon.queue.QueueStore;
import dev.raccoon.retention.LastDownloadStore;
import dev.raccoon.retention.RetentionStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.jdbi.v3.core.Jdbi;

/** All that reads and writes what lasts. */
record Stores(
    BuildStore builds,
    LeasedBuildStore leased,
    ResolutionStore resolutions,
    RequestStore requests,
    SearchStore search,
    LogStore logs,
    QueueStore queue,
    EgressStore egress,
    DependencyStore dependencies,
    LastDownloadStore downloads,
    AdminRoutes.Records administration,
    ArtifactStore artifacts) {
  static Stores in(Jdbi jdbi, ArtifactStore artifacts) {
    Clock clock = Clock.systemUTC();
    return new Stores(
        new BuildStore(jdbi),
        new LeasedBuildStore(jdbi),
        new ResolutionStore(jdbi, clock),
        new RequestStore(jdbi, clock),
        new SearchStore(jdbi),
        new LogStore(jdbi),
        new QueueStore(jdbi),
        new EgressStore(jdbi),
        new DependencyStore(jdbi),
        new LastDownloadStore(jdbi),
        administration(jdbi),
        artifacts);
  }

  /** What administrators read and change, over HTTP and on the command line. */
  static AdminRoutes.Records administration(Jdbi jdbi) {
    return new AdminRoutes.Records(
        new TokenStore(jdbi, Clock.systemUTC()),
        new NamespaceStore(jdbi),
        new PackageLimitStore(jdbi),
        new AuditStore(jdbi),
        new AdminRoutes.QueueRecords(
            new NodeStore(jdbi),
            new QueueControlStore(jdbi),
            new QueueListStore(jdbi),
            new CancelStore(jdbi)),
        new AdminRoutes.BulkRecords(
            new BulkStore(jdbi, new CancelStore(jdbi)),
            new BulkFeedStore(jdbi, new RequestStore(jdbi, Clock.systemUTC()))),
        new AdminRoutes.OtpRecords(new NodeOtpStore(jdbi), new OtpInstallStore(jdbi)),
        new DigestStore(jdbi),
        new RetentionStore(jdbi));
  }

  /** The store in {@code place} for a command, beside the server that may use it. */
  static ArtifactStore beside(ArtifactPlace place) throws IOException {
    return switch (place) {
      case ArtifactPlace.Folder(Path folder) -> FileArtifactStore.beside(folder);
      case ArtifactPlace.Bucket bucket -> {
        // The server's own cache is its alone.
        Path drafts = Files.createTempDirectory("raccoon-store");
        drafts.toFile().deleteOnExit();
        Clock clock = Clock.systemUTC();
        yield new S3ArtifactStore(bucket, false, new FileCache(drafts, 0, clock), clock);
      }
    };
  }
}
