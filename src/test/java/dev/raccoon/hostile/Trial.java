package dev.raccoon.hostile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** An attack in one of the steps that it can be run in. */
record Trial(Attack attack, String step) {
  /** As many as run at once, beside the neighbour. */
  private static final int AT_ONCE = 7;

  /** Whose names this expression matches: all, unless whoever works on one asks for it. */
  private static final String CHOSEN = System.getProperty("raccoon.attacks", ".*");

  /** All, in the groups that run at once: those that wait for a limit of time wait together. */
  static List<List<Trial>> groups() {
    List<Trial> all =
        Attack.all().stream()
            .filter(attack -> attack.name().matches(CHOSEN))
            .flatMap(attack -> attack.steps().stream().map(step -> new Trial(attack, step)))
            .sorted(Comparator.comparing(Trial::waits))
            .toList();
    List<List<Trial>> groups = new ArrayList<>();
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      groups.add(all.subList(from, Math.min(all.size(), from + AT_ONCE)));
    }
    return groups;
  }

  private boolean waits() {
    return Stream.of("time", "silence")
        .anyMatch(limit -> attack.endings().contains(new Ending.Limited(limit)));
  }

  /** Its repository's name. */
  String repository() {
    return attack.name() + "_" + step;
  }

  @Override
  public String toString() {
    return attack.name() + ", " + step;
  }
}
