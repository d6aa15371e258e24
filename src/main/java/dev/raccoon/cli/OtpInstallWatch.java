package dev.raccoon.cli;

import dev.raccoon.admin.AdminRoutes;
import dev.raccoon.logging.VisibleText;
import dev.raccoon.otp.OtpInstall;
import dev.raccoon.otp.OtpInstallStore;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Shows on the terminal what an installation prints. */
final class OtpInstallWatch {
  private static final long PAUSE_MILLIS = 300;

  private final Session session;
  private final long id;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long position;

  OtpInstallWatch(Session session, long id) {
    this.session = session;
    this.id = id;
  }

  /** Shows all that was printed; 1 when it has failed. */
  int soFar() {
    AtomicInteger status = new AtomicInteger();
    session.with(records -> status.set(show(records)));
    return status.get();
  }

  /** Shows what is printed until it has ended; 1 when it has failed. */
  int untilItsEnd() {
    AtomicInteger status = new AtomicInteger();
    session.with(records -> {
      while (!find(records).hasEnded()) {
        print(records);
        pause();
      }
      status.set(show(records));
    });
    return status.get();
  }

  private int show(AdminRoutes.Records records) {
    OtpInstall install = find(records);
    print(records);
    if (install.state() == OtpInstall.State.FAILED) {
      session.errors().println("raccoon: " + install.reason());
      return 1;
    }
    return 0;
  }

  private OtpInstall find(AdminRoutes.Records records) {
    return records
        .otp()
        .installs()
        .find(id)
        .orElseThrow(() -> new NotThereException("There is no installation " + id + "."));
  }

  private void print(AdminRoutes.Records records) {
    OtpInstallStore installs = records.otp().installs();
    for (List<byte[]> pieces = installs.pieces(id, position);
        !pieces.isEmpty();
        pieces = installs.pieces(id, position)) {
      for (byte[] piece : pieces) {
        for (byte each : piece) {
          print(each);
        }
        position += piece.length;
      }
    }
    session.out().flush();
  }

  /** Whole lines only: a piece may end in the middle of a character. */
  private void print(byte each) {
    if (each != '\n') {
      line.write(each);
    } else {
      session
          .out()
          .println(VisibleText.of(line.toString(StandardCharsets.UTF_8).replace("\t", "    ")));
      line.reset();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
