package dev.raccoon.source;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of two tags is the newer version. Erlang repositories write versions in many ways ({@code
 * 1.2.3}, {@code v1.2.3}, {@code yaws-2.0.9}, {@code rabbitmq_v3_6_2_milestone2}, {@code
 * 17.06-beta}), so a tag is read as its numbers in order; a word beside them that names a
 * pre-release puts it below every release.
 */
final class TagOrder {
  /** Oldest first: tags without a number, pre-releases, then releases, each by their numbers. */
  static final Comparator<String> NEWEST_LAST =
      Comparator.comparing(TagOrder::read).thenComparing(Comparator.naturalOrder());

  private static final String NUMBERS = "[0-9]+(?:[._-][0-9]+)*";
  // First where a version begins, not within a name such as base64url or oauth2.
  private static final List<Pattern> VERSIONS =
      List.of(
          Pattern.compile("(?:(?<![0-9a-z])[vr]?)(" + NUMBERS + ")"),
          Pattern.compile("(" + NUMBERS + ")"));
  private static final Pattern PRE_RELEASE =
      Pattern.compile(
          "(?<![a-z])(alpha|beta|a|b|rc|cr|pre|preview|snapshot|nightly|dev|milestone|m|test)(?![a-z])[._-]?([0-9]*)");
  private static final Pattern PRE_RELEASE_FIRST =
      Pattern.compile(
          "(?:.*[/_-])?(alpha|beta|rc|pre|preview|snapshot|nightly|dev|milestone)[._/-]?");

  private TagOrder() {}

  /**
   * @param rank 0 for a tag without a number, 1 for a pre-release, 2 for a release
   * @param candidate a pre-release's own number
   */
  private record Version(int rank, List<BigInteger> numbers, String word, BigInteger candidate)
      implements Comparable<Version> {
    @Override
    public int compareTo(Version other) {
      if (rank != other.rank) {
        return Integer.compare(rank, other.rank);
      }
      for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
        int byNumber = number(i).compareTo(other.number(i));
        if (byNumber != 0) {
          return byNumber;
        }
      }
      int byWord = word.compareTo(other.word);
      return byWord != 0 ? byWord : candidate.compareTo(other.candidate);
    }

    private BigInteger number(int i) {
      return i < numbers.size() ? numbers.get(i) : BigInteger.ZERO;
    }
  }

  private static Version read(String tag) {
    String lower = tag.toLowerCase(Locale.ROOT);
    return VERSIONS.stream()
        .flatMap(pattern -> pattern.matcher(lower).results().limit(1))
        .findFirst()
        .map(numbers -> version(lower, numbers))
        .orElseGet(() -> new Version(0, List.of(), "", BigInteger.ZERO));
  }

  private static Version version(String lower, MatchResult found) {
    List<BigInteger> numbers = new ArrayList<>();
    for (String number : found.group(1).split("[._-]", -1)) {
      numbers.add(new BigInteger(number));
    }
    Matcher after = PRE_RELEASE.matcher(lower.substring(found.end()));
    if (after.find()) {
      BigInteger candidate =
          after.group(2).isEmpty() ? BigInteger.ZERO : new BigInteger(after.group(2));
      return new Version(1, numbers, after.group(1), candidate);
    }
    Matcher before = PRE_RELEASE_FIRST.matcher(lower.substring(0, found.start()));
    return before.matches()
        ? new Version(1, numbers, before.group(1), BigInteger.ZERO)
        : new Version(2, numbers, "", BigInteger.ZERO);
  }
}
