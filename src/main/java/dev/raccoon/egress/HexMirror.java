package dev.raccoon.egress;

import dev.raccoon.cache.FileCache;
import dev.raccoon.config.Settings;
import java.util.regex.Pattern;

/**
 * The operator's mirror of Hex, as builds see it: at a host that nobody has, in plain http, for
 * reading alone. What it has served is kept for all builds, and asked for again with the mirror's
 * own validator, so that nobody gets what it no longer serves.
 */
public final class HexMirror {
  /** What build tools are told to ask; RFC 6762's appendix keeps such names for private use. */
  public static final String HOST = "hex.raccoon.internal";

  /** What the protocol has (the Hex specifications, "Endpoints"), and the archives of mix. */
  private static final Pattern PATH =
      Pattern.compile(
          "/+(?:names|versions|public_key|(?:packages|tarballs|installs)(?:/+[0-9A-Za-z_.+~-]{1,200}){1,3})");

  private final Settings.HexMirror settings;
  private final FileCache cache;

  /** The mirror of {@code settings}, with {@code cache} before it. */
  public HexMirror(Settings.HexMirror settings, FileCache cache) {
    this.settings = settings;
    this.cache = cache;
  }

  /** What {@code method} asks for at {@code path}. */
  HexResource resource(String method, String path, Outside outside) throws RefusedException {
    boolean reads = method.equals("GET") || method.equals("HEAD");
    if (!reads || !PATH.matcher(path).matches()) {
      throw new RefusedException(
          "Raccoon's mirror of Hex has packages, tarballs and installs to GET, nothing else.");
    }
    String url = settings.url() + path.replaceAll("/{2,}", "/");
    return new HexResource(url, MirrorSite.parse(url, outside), cache);
  }
}
