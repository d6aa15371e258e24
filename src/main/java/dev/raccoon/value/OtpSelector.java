package dev.raccoon.value;

/**
 * Which Erlang/OTP somebody asks for: a major release ({@code 25}, any exact version of which will
 * do) or an exact version ({@code 25.3.2.8}).
 */
public record OtpSelector(OtpVersion asked) {
  /** Parses a request's {@code erl_version}. */
  public static OtpSelector parse(String raw) {
    return new OtpSelector(new OtpVersion(raw.strip()));
  }

  /** Whether an installation of {@code version} serves the request. */
  public boolean matches(OtpVersion version) {
    return isMajor() ? version.major() == asked.major() : version.equals(asked);
  }

  /** Whether any exact version of the major release will do. */
  public boolean isMajor() {
    return asked.text().indexOf('.') < 0 && asked.text().indexOf('-') < 0;
  }

  @Override
  public String toString() {
    return asked.text();
  }
}
