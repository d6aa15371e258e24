package dev.raccoon.crash;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * Asks for builds all the time, at either node, as fast as they can be run, and remembers those
 * that were accepted. What gets no answer, or another one, was not.
 */
final class Load implements AutoCloseable {
  private static final int MOST_LIVE = 6;
  private static final long PAUSE_NANOS = 150_000_000;

  private final CrashSite site;
  private final Records records;
  private final List<String> accepted = new CopyOnWriteArrayList<>();
  private final Thread thread = Thread.ofPlatform().name("load").unstarted(this::run);
  private volatile boolean ended;
  private int number;

  Load(CrashSite site, Records records) {
    this.site = site;
    this.records = records;
    thread.start();
  }

  /** The builds that were accepted so far. */
  List<String> accepted() {
    return List.copyOf(accepted);
  }

  private void run() {
    while (!ended) {
      if (records.live().orElse(MOST_LIVE) < MOST_LIVE) {
        ask();
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void ask() {
    int which = number++;
    String request =
        """
        {"full_name": "crash/p%d", "clone_url": "https://git.example.org/demo.git",
         "versions": [{"ref": "1.0.0"}]}
        """
            .formatted(which);
    try {
      JsonNode answer = site.nodeNumber(which % site.size()).post("/buildAsync", request);
      answer
          .at("/response/builds")
          .forEach(build -> accepted.add(build.get("build_id").stringValue()));
    } catch (IOException | RuntimeException e) {
      // That node is away, or answers half a sentence: nothing was promised.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
