package dev.raccoon.config;

/**
 * Which ended builds are kept with their packages and logs: those that any rule keeps. A rule of 0
 * says nothing; where all do, everything is kept for ever.
 *
 * @param days that have passed since a build ended, or was the answer to a request, at most
 * @param usedDays the same, or since its package was fetched
 * @param builds of the newest of one version and Erlang/OTP
 * @param packageBuilds of the newest of one package
 */
public record RetentionRules(int days, int usedDays, int builds, int packageBuilds) {
  /** Everything is kept for ever. */
  public static final RetentionRules NONE = new RetentionRules(0, 0, 0, 0);

  private static final int MOST_DAYS = 36_500;
  private static final int MOST_BUILDS = 1_000_000;

  static RetentionRules read(SettingsReader reader) {
    return new RetentionRules(
        reader.number("RACCOON_KEEP_DAYS", 0, 1, MOST_DAYS),
        reader.number("RACCOON_KEEP_USED_DAYS", 0, 1, MOST_DAYS),
        reader.number("RACCOON_KEEP_BUILDS", 0, 1, MOST_BUILDS),
        reader.number("RACCOON_KEEP_PACKAGE_BUILDS", 0, 1, MOST_BUILDS));
  }

  /** Whether anything is ever removed. */
  public boolean any() {
    return !equals(NONE);
  }
}
