package dev.raccoon.access;

import dev.raccoon.value.Sha256;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * What the holder of a token sends: {@code rcn_}, 43 letters and digits that hold 256 random bits,
 * and six that are their checksum, so that programs which look for leaked secrets find it and know
 * it from other text. Only its digest is kept: of 256 random bits no guess comes near, so that the
 * digest need not be a slow one. Its text never shows the secret.
 */
public final class TokenSecret {
  private static final String PREFIX = "rcn_";
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int BITS = 256;
  private static final int RANDOM_LENGTH = 43;
  private static final int CHECKSUM_LENGTH = 6;
  private static final Pattern FORM = Pattern.compile("rcn_[0-9A-Za-z]{49}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String text;

  private TokenSecret(String text) {
    this.text = text;
  }

  /** A new one. */
  public static TokenSecret random() {
    String body = PREFIX + digits(new BigInteger(BITS, RANDOM), RANDOM_LENGTH);
    return new TokenSecret(body + checksum(body));
  }

  /** What {@code raw} is, unless it cannot be a token: a mistyped or cut one is found out here. */
  static Optional<TokenSecret> parse(String raw) {
    if (!FORM.matcher(raw).matches()) {
      return Optional.empty();
    }
    int end = raw.length() - CHECKSUM_LENGTH;
    return raw.substring(end).equals(checksum(raw.substring(0, end)))
        ? Optional.of(new TokenSecret(raw))
        : Optional.empty();
  }

  /** The secret itself, to be shown once. */
  public String reveal() {
    return text;
  }

  /**
   * What is kept of it, and looked up. How long a look-up takes tells at most how the digest of a
   * guess compares to others, and nobody can choose that digest.
   */
  Sha256 digest() {
    return Sha256.of(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String checksum(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.US_ASCII));
    return digits(BigInteger.valueOf(crc.getValue()), CHECKSUM_LENGTH);
  }

  private static String digits(BigInteger number, int length) {
    BigInteger base = BigInteger.valueOf(DIGITS.length());
    StringBuilder digits = new StringBuilder();
    BigInteger rest = number;
    while (digits.length() < length) {
      BigInteger[] parts = rest.divideAndRemainder(base);
      digits.append(DIGITS.charAt(parts[1].intValue()));
      rest = parts[0];
    }
    return digits.reverse().toString();
  }

  @Override
  public String toString() {
    return PREFIX + "…";
  }
}
