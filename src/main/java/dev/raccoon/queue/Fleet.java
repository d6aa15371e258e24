package dev.raccoon.queue;

import dev.raccoon.queue.Node.Announcement;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.OtpVersion;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What this node and all others can build for: others as the database had them at the last
 * heartbeat, this one as it is now. A major release is built where its newest version is, so that
 * it does not depend on chance which one that is. Thread-safe.
 */
public final class Fleet {
  private static final String ANY = Builders.ANYTHING;

  private final NodeStore nodes;
  private final Supplier<Announcement> self;
  private volatile List<Node> others = List.of();
  private volatile boolean draining;

  /** Of a node that says {@code self} of itself, whenever it is asked, among {@code nodes}. */
  public Fleet(NodeStore nodes, Supplier<Announcement> self) {
    this.nodes = nodes;
    this.self = self;
  }

  /**
   * What builds may ask for.
   *
   * @param mine what this node is to build
   * @param known what this or any other node builds, or did a while ago
   */
  record Keys(Set<String> mine, Set<String> known) {}

  /**
   * Gives a sign of life, the first one since the start or a later one, and looks at the others.
   */
  void beat(boolean first) {
    Announcement me = self.get();
    List<Node> all = nodes.beat(me, first);
    draining = all.stream().anyMatch(node -> node.id().equals(me.id()) && node.draining());
    others = all.stream().filter(node -> !node.id().equals(me.id())).toList();
  }

  /** This node stops, and says so. */
  void stop() {
    nodes.stopped(self.get().id());
  }

  /** Whether another node takes builds. */
  boolean hasOthers() {
    return others.stream().anyMatch(Node::takesBuilds);
  }

  /** How many nodes take builds now, this one included. */
  public int nodesUp() {
    int others = (int) this.others.stream().filter(Node::takesBuilds).count();
    return self.get().slots() > 0 && !draining ? others + 1 : others;
  }

  /** What the nodes that take builds now can build for, this one included. */
  public Builders builders() {
    Announcement me = self.get();
    Builders elsewhere = Builders.of(others);
    return draining || me.slots() == 0
        ? elsewhere
        : new Builders(
            true,
            Stream.concat(me.otp().stream(), elsewhere.otp().stream()).toList(),
            me.pause().filter(alone -> !elsewhere.any()));
  }

  Keys keys() {
    Announcement me = self.get();
    Set<String> mine = new HashSet<>();
    if (me.slots() > 0) {
      mine.add(ANY);
      me.otp().forEach(version -> mine.add(version.text()));
      me.otp().stream()
          .map(Fleet::major)
          .filter(major -> isNewestHere(me, major))
          .forEach(major -> mine.add(major.toString()));
    }
    Set<String> known = new HashSet<>(mine);
    known.add(ANY);
    addAll(known, me.otp());
    others.forEach(node -> addAll(known, node.otp()));
    return new Keys(mine, known);
  }

  /** What a node has that cannot build now counts: it may be mended soon. */
  private static void addAll(Set<String> known, List<OtpVersion> otp) {
    for (OtpVersion version : otp) {
      known.add(version.text());
      known.add(major(version).toString());
    }
  }

  private static OtpSelector major(OtpVersion version) {
    return OtpSelector.parse(Integer.toString(version.major()));
  }

  private boolean isNewestHere(Announcement me, OtpSelector asked) {
    return newestOf(me.otp().stream(), asked).equals(newest(asked));
  }

  /** The version that {@code asked} is built for, if a node that is up has one that serves. */
  public Optional<OtpVersion> newest(OtpSelector asked) {
    return newestOf(versions(), asked);
  }

  /** The newest version of all. */
  public Optional<OtpVersion> newest() {
    return versions().max(Comparator.naturalOrder());
  }

  /** Whether {@code asked} is built here, rather than elsewhere or nowhere. */
  public boolean isBuiltHere(OtpSelector asked) {
    Announcement me = self.get();
    return newestOf(me.otp().stream(), asked).isPresent() && isNewestHere(me, asked);
  }

  /**
   * Whether a build that asks for {@code asked}, or for nothing in particular, can begin at once
   * where a slot is free: a node that is up takes it.
   */
  public boolean isBuiltSomewhere(Optional<OtpSelector> asked) {
    Builders now = builders();
    return now.any() && asked.map(otp -> now.otp().stream().anyMatch(otp::matches)).orElse(true);
  }

  /** All versions that nodes which are up have, the newest first. */
  public List<OtpVersion> all() {
    return versions().distinct().sorted(Comparator.reverseOrder()).toList();
  }

  /** This node's own count though it cannot build just now: what it has begun is for them. */
  private Stream<OtpVersion> versions() {
    return Stream.concat(
        self.get().otp().stream(),
        others.stream().filter(Node::takesBuilds).flatMap(node -> node.otp().stream()));
  }

  private static Optional<OtpVersion> newestOf(Stream<OtpVersion> versions, OtpSelector asked) {
    return versions.filter(asked::matches).max(Comparator.naturalOrder());
  }
}
