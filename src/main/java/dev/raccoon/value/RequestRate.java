package dev.raccoon.value;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often a client may ask: so many requests per second, minute or hour in the long run, and up
 * to {@code burst} at once after a rest.
 */
public record RequestRate(int requests, Duration per, int burst) {
  private static final Pattern FORM =
      Pattern.compile("([1-9][0-9]{0,6})/([smh])(?::([1-9][0-9]{0,6}))?");

  public RequestRate {
    if (requests < 1 || burst < 1 || !per.isPositive()) {
      throw new InvalidValueException("a rate lets at least one request through");
    }
  }

  /**
   * A rate as {@code 100/s:400}: a number per {@code s}, {@code m} or {@code h}, and the burst,
   * which is that number unless said otherwise.
   *
   * @throws InvalidValueException for anything else
   */
  public static RequestRate parse(String raw) {
    Matcher form = FORM.matcher(raw);
    if (!form.matches()) {
      throw new InvalidValueException(
          "a rate such as 100/s, 60/m or 100/s:400 (with its burst) or off was expected, not "
              + raw);
    }
    int requests = Integer.parseInt(form.group(1));
    Duration per =
        switch (form.group(2)) {
          case "s" -> Duration.ofSeconds(1);
          case "m" -> Duration.ofMinutes(1);
          default -> Duration.ofHours(1);
        };
    String burst = form.group(3);
    return new RequestRate(requests, per, burst == null ? requests : Integer.parseInt(burst));
  }
}
