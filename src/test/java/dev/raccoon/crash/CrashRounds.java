package dev.raccoon.crash;

import dev.raccoon.testing.Patience;
import dev.raccoon.testing.Program;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Rounds of a steady load, each with a fault at a random moment; then everything is put right, and
 * what was accepted is held against what there is. Run by {@code bench/crash}.
 */
final class CrashRounds {
  private static final Duration LONGEST_END = Duration.ofMinutes(5);
  private static final int MOST_MILLIS_BEFORE = 1500;

  private final Random random;
  private final Deque<Fault> coming = new ArrayDeque<>();
  private final PrintStream out;

  /** What {@code seed} makes happen; the rounds are told to {@code out}. */
  CrashRounds(long seed, PrintStream out) {
    this.random = new Random(seed);
    this.out = out;
  }

  /**
   * What was found in the end.
   *
   * @param requests how many were accepted
   * @param lost accepted ones without exactly one record that has ended
   * @param doubled builds whose end was written twice
   * @param corrupt what the verification of the store says, when it finds something missing or
   *     wrong
   * @param left what should not be there any more: folders, processes, leases
   * @param ends how many builds ended how
   */
  record Verdict(
      int rounds,
      int requests,
      List<String> lost,
      List<String> doubled,
      List<String> corrupt,
      List<String> left,
      List<String> ends) {
    @Override
    public String toString() {
      return "%d rounds, %d requests, %d lost, %d doubled, %d corrupt, %d left behind"
          .formatted(rounds, requests, lost.size(), doubled.size(), corrupt.size(), left.size());
    }

    boolean isGood() {
      return lost.isEmpty() && doubled.isEmpty() && corrupt.isEmpty() && left.isEmpty();
    }
  }

  /** FOLDER ROUNDS SEED. */
  public static void main(String... arguments) throws Exception {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    CrashRounds rounds = new CrashRounds(Long.parseLong(arguments[2]), System.out);
    Verdict verdict = rounds.run(folder, Integer.parseInt(arguments[1]));
    verdict.ends().forEach(System.out::println);
    for (List<String> found :
        List.of(verdict.lost(), verdict.doubled(), verdict.corrupt(), verdict.left())) {
      found.forEach(System.out::println);
    }
    System.out.println(verdict);
    System.exit(verdict.isGood() ? 0 : 1);
  }

  /** Runs as many in {@code folder}, and looks at what has come of it. */
  Verdict run(Path folder, int rounds) throws IOException, InterruptedException, SQLException {
    try (CrashSite site = new CrashSite(folder)) {
      Records records = new Records(site);
      List<String> accepted;
      try (Load load = new Load(site, records)) {
        for (int round = 1; round <= rounds; round++) {
          round(site, round);
        }
        accepted = load.accepted();
      }
      awaitEnds(records);
      return verdict(site, records, rounds, accepted);
    }
  }

  /** In a random order, and each before any comes again. */
  private Fault next() {
    if (coming.isEmpty()) {
      List<Fault> all = new ArrayList<>(List.of(Fault.values()));
      Collections.shuffle(all, random);
      coming.addAll(all);
    }
    return coming.removeFirst();
  }

  private void round(CrashSite site, int round) throws IOException, InterruptedException {
    Fault fault = next();
    int node = random.nextInt(site.size());
    int before = random.nextInt(MOST_MILLIS_BEFORE);
    int millis = fault.millis(random);
    out.println(
        "%d: after %d ms %s for %d ms (node %d)".formatted(round, before, fault, millis, node));
    pause(before);
    fault.strike(site, node);
    pause(millis);
    fault.heal(site, node);
    for (int i = 0; i < site.size(); i++) {
      int each = i;
      Patience.await(() -> isHealthy(site, each));
    }
  }

  /**
   * That moment, or that time, is what a round is made of; nothing is expected to have happened.
   */
  private static void pause(int millis) {
    LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
  }

  private static Optional<Boolean> isHealthy(CrashSite site, int node) {
    try {
      boolean healthy = site.nodeNumber(node).get("/health").get("result").booleanValue();
      return healthy ? Optional.of(true) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Retries may have some time to wait. What has not ended by then is lost. */
  private static void awaitEnds(Records records) throws SQLException {
    long deadline = System.nanoTime() + LONGEST_END.toNanos();
    while (!records.unended().isEmpty() && System.nanoTime() < deadline) {
      pause(200);
    }
  }

  /** What a node has killed is gone a moment after it. */
  private static List<String> leftProcesses(CrashSite site) {
    try {
      return Patience.await(() -> Optional.of(site.processes()).filter(List::isEmpty));
    } catch (AssertionError e) {
      return site.processes();
    }
  }

  private static Verdict verdict(CrashSite site, Records records, int rounds, List<String> accepted)
      throws IOException, InterruptedException, SQLException {
    List<String> lost = new ArrayList<>();
    for (String build : accepted) {
      List<String> states = records.state(build);
      if (states.size() != 1 || List.of("QUEUED", "RUNNING").contains(states.getFirst())) {
        lost.add("lost: " + build + " " + states);
      }
    }
    List<String> left = new ArrayList<>();
    records.leases().forEach(build -> left.add("leased: " + build));
    records.leftChunks().forEach(build -> left.add("log chunks: " + build));
    site.workFolders().forEach(folder -> left.add("work folder: " + folder));
    Program.Ended verified = site.raccoon("store", "verify");
    List<String> corrupt =
        verified.status() == 0
            ? List.of()
            : (verified.output() + verified.errors()).lines().toList();
    List<String> ends = new ArrayList<>(records.ends());
    verified.output().lines().reduce((first, last) -> last).ifPresent(ends::add);
    site.stopNodes();
    leftProcesses(site).forEach(process -> left.add("process: " + process));
    return new Verdict(
        rounds, accepted.size(), lost, records.doubled(), corrupt, left, List.copyOf(ends));
  }
}
