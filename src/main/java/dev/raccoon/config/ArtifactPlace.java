package dev.raccoon.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where packages and logs are kept. */
public sealed interface ArtifactPlace {
  /** A folder of this machine, by its absolute path. */
  record Folder(Path path) implements ArtifactPlace {
    @Override
    public String toString() {
      return "file:" + path;
    }
  }

  /**
   * A part of a bucket that speaks S3.
   *
   * @param prefix what all keys begin with: empty, or ends with a slash
   */
  record Bucket(String name, String prefix, Service service) implements ArtifactPlace {
    @Override
    public String toString() {
      return "s3://" + name + "/" + prefix;
    }
  }

  /**
   * Who keeps buckets.
   *
   * @param endpoint where it answers; empty: that of Amazon's, by the region
   */
  record Service(Optional<URI> endpoint, Optional<String> region) {
    private static final Pattern ENDPOINT = Pattern.compile("https?://[^/?#@\\s]+/?");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");

    static URI endpoint(String raw) {
      if (!ENDPOINT.matcher(raw).matches()) {
        throw new SettingsException(
            "an address such as https://s3.example.org:9000 was expected, not " + raw);
      }
      return URI.create(raw.replaceFirst("/$", ""));
    }

    static String region(String raw) {
      if (!REGION.matcher(raw).matches()) {
        throw new SettingsException("a region such as eu-central-1 was expected, not " + raw);
      }
      return raw;
    }
  }

  /**
   * What {@code raw} names: {@code file:///a/folder}, or {@code s3://bucket/prefix} at {@code
   * service}.
   *
   * @throws SettingsException when it is neither
   */
  static ArtifactPlace parse(String raw, Service service) {
    Matcher file = Forms.FILE.matcher(raw);
    if (file.matches()) {
      return new Folder(Path.of(file.group(1)).normalize());
    }
    Matcher bucket = Forms.S3.matcher(raw);
    if (bucket.matches()) {
      String prefix = Optional.ofNullable(bucket.group(2)).orElse("").replaceFirst("/+$", "");
      return new Bucket(bucket.group(1), prefix.isEmpty() ? "" : prefix + "/", service);
    }
    throw new SettingsException("file:///a/folder or s3://bucket/prefix was expected, not " + raw);
  }

  /** How places are written. */
  final class Forms {
    private static final Pattern FILE = Pattern.compile("file:(?://)?(/(?!/).*)");
    private static final Pattern S3 =
        Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/+((?:[A-Za-z0-9_.-]+/*)*))?");

    private Forms() {}
  }
}
