package dev.raccoon.value;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * An exact Erlang/OTP version as an installation's {@code releases/N/OTP_VERSION} has it, such as
 * {@code 25.3.2.8} or {@code 28.0-rc1}. Ordered by its numbers; a release candidate comes before
 * its release.
 */
public record OtpVersion(String text) implements Comparable<OtpVersion> {
  // Without leading zeros: what is equal in order is equal in text.
  private static final Pattern FORM =
      Pattern.compile("[1-9][0-9]{0,3}(\\.(0|[1-9][0-9]{0,4})){0,5}(-rc(0|[1-9][0-9]{0,2}))?");

  public OtpVersion {
    if (!FORM.matcher(text).matches()) {
      throw new InvalidValueException("An Erlang/OTP version looks like 25 or 25.3.2.8.");
    }
  }

  /** The release, such as 25: what clients compare with their own. */
  public int major() {
    return numbers()[0];
  }

  @Override
  public int compareTo(OtpVersion other) {
    int byNumbers = Arrays.compare(numbers(), other.numbers());
    return byNumbers != 0 ? byNumbers : Integer.compare(candidate(), other.candidate());
  }

  private int[] numbers() {
    int dash = text.indexOf('-');
    String numbers = dash < 0 ? text : text.substring(0, dash);
    return Arrays.stream(numbers.split("\\.")).mapToInt(Integer::parseInt).toArray();
  }

  private int candidate() {
    int dash = text.indexOf("-rc");
    return dash < 0 ? Integer.MAX_VALUE : Integer.parseInt(text.substring(dash + 3));
  }

  @Override
  public String toString() {
    return text;
  }
}
