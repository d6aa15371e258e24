package dev.raccoon.hostile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** An attack in some of the steps that it can be run in, by one build. */
record Trial(Attack attack, List<String> steps) {
  /** As many as run at once, beside the neighbour. */
  private static final int AT_ONCE = 7;

  /** Whose names this expression matches: all, unless whoever works on one asks for it. */
  private static final String CHOSEN = System.getProperty("raccoon.attacks", ".*");

  /** All, in the groups that run at once: those that wait for a limit of time wait together. */
  static List<List<Trial>> groups() {
    List<Trial> all =
        Attack.all().stream()
            .filter(attack -> attack.name().matches(CHOSEN))
            .flatMap(attack -> of(attack))
            .sorted(Comparator.comparing(trial -> !trial.waitsFor().isEmpty()))
            .toList();
    List<List<Trial>> groups = new ArrayList<>();
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      groups.add(all.subList(from, Math.min(all.size(), from + AT_ONCE)));
    }
    return groups;
  }

  /** One build for both steps, unless the first could keep it from coming to the second. */
  private static Stream<Trial> of(Attack attack) {
    return attack.endings().equals(List.of(new Ending.Succeeded())) && !attack.apart()
        ? Stream.of(new Trial(attack, attack.steps()))
        : attack.steps().stream().map(step -> new Trial(attack, List.of(step)));
  }

  /** The limits that it can wait for, until its time is over. */
  List<String> waitsFor() {
    return Stream.of("time", "silence")
        .filter(limit -> attack.endings().contains(new Ending.Limited(limit)))
        .toList();
  }

  /** Its repository's name. */
  String repository() {
    return attack.name() + "_" + String.join("_", steps);
  }

  @Override
  public String toString() {
    return attack.name() + ", " + String.join(" and ", steps);
  }
}
