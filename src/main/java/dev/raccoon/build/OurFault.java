package dev.raccoon.build;

import dev.raccoon.artifact.StoreAwayException;
import dev.raccoon.db.FullDisk;
import dev.raccoon.queue.NotNowException;
import dev.raccoon.value.BuildId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is said in public of an error of ours; what the operator needs of it goes to the log. */
final class OurFault {
  private static final Logger log = LoggerFactory.getLogger(OurFault.class);

  private OurFault() {}

  /**
   * The sentence for {@code error}, which a build has met.
   *
   * @param hasDatabase whether the database lies on this machine's disk
   * @throws NotNowException when the database's disk is full, and another machine's: no build of
   *     this one has filled it
   * @throws InterruptedException when it comes of an interrupt, and is none of ours: an interrupted
   *     thread can neither wait for a connection nor use a file channel
   */
  static String say(BuildId build, Exception error, boolean hasDatabase)
      throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (FullDisk.ofDatabase(error) && !hasDatabase) {
      throw new NotNowException("the database's disk is full");
    }
    if (FullDisk.causes(error)) {
      log.warn("Build {} met a full disk", build);
      return "The server's disk was full.";
    }
    if (error instanceof StoreAwayException) {
      log.warn("Build {} could not be kept: {}", build, error.getMessage());
      return "The artifact store did not work.";
    }
    log.error("Build {} met an error of ours", build, error);
    return "An error of the server's; its operator finds it in its log.";
  }
}
