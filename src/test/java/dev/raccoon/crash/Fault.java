package dev.raccoon.crash;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;

/** What happens to a running site, and how it is put right again. */
enum Fault {
  NODE_KILLED {
    @Override
    void strike(CrashSite site, int node) throws InterruptedException {
      site.killNode(node);
    }

    @Override
    void heal(CrashSite site, int node) throws IOException, InterruptedException {
      site.startNode(node);
    }
  },

  /** It goes on when its leases have run out, and others have its builds. */
  NODE_PAUSED {
    @Override
    void strike(CrashSite site, int node) throws IOException, InterruptedException {
      signal("-STOP", site, node);
    }

    @Override
    void heal(CrashSite site, int node) throws IOException, InterruptedException {
      signal("-CONT", site, node);
    }

    @Override
    int leastMillis() {
      return (int) LEASE.toMillis() + 2000;
    }
  },

  NODE_DISK_FULL {
    @Override
    void strike(CrashSite site, int node) throws IOException {
      site.diskOf(node).fill();
    }

    @Override
    void heal(CrashSite site, int node) throws IOException {
      site.diskOf(node).free();
    }
  },

  DATABASE_KILLED {
    @Override
    void strike(CrashSite site, int node) throws IOException {
      site.killDatabase();
    }

    @Override
    void heal(CrashSite site, int node) {
      site.startDatabase();
    }
  },

  DATABASE_CUT_OFF {
    @Override
    void strike(CrashSite site, int node) {
      site.toDatabase().cut();
    }

    @Override
    void heal(CrashSite site, int node) {
      site.toDatabase().connect();
    }
  },

  STORE_KILLED {
    @Override
    void strike(CrashSite site, int node) throws InterruptedException {
      site.store().kill();
    }

    @Override
    void heal(CrashSite site, int node) throws IOException {
      site.startStore();
    }
  },

  STORE_CUT_OFF {
    @Override
    void strike(CrashSite site, int node) {
      site.toStore().cut();
    }

    @Override
    void heal(CrashSite site, int node) {
      site.toStore().connect();
    }
  },

  STORE_DISK_FULL {
    @Override
    void strike(CrashSite site, int node) throws IOException {
      site.store().disk().fill();
    }

    @Override
    void heal(CrashSite site, int node) throws IOException {
      site.store().disk().free();
    }
  };

  /** How long a claim holds without a heartbeat. */
  static final Duration LEASE = Duration.ofSeconds(3);

  private static final int MOST_MILLIS = 3000;

  /** Does it, to {@code node} where it is one of them that suffers. */
  abstract void strike(CrashSite site, int node) throws IOException, InterruptedException;

  abstract void heal(CrashSite site, int node) throws IOException, InterruptedException;

  int leastMillis() {
    return 0;
  }

  /** How long it lasts. */
  int millis(Random random) {
    return leastMillis() + random.nextInt(MOST_MILLIS);
  }

  private static void signal(String signal, CrashSite site, int node)
      throws IOException, InterruptedException {
    long pid = site.nodeNumber(node).handle().pid();
    new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor();
  }
}
