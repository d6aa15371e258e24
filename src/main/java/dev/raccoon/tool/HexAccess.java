package dev.raccoon.tool;

import dev.raccoon.config.Settings;
import dev.raccoon.config.SettingsException;
import dev.raccoon.egress.HexMirror;
import dev.raccoon.sandbox.Surroundings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How build tools are told of the operator's Hex mirror: by variables of every command that has a
 * way out, and by files beside them.
 *
 * <p>{@code HEX_CDN} is what rebar3 asks, and {@code HEX_MIRROR} is what mix does. rebar3 finds the
 * mirror's key in the global configuration that {@code REBAR_GLOBAL_CONFIG_DIR} names; mix has to
 * be told of it: {@code mix hex.repo set hexpm --url URL --public-key FILE} with the file that
 * {@link #KEY_VARIABLE} names. The latter two are set only where the mirror has a key of its own.
 */
public final class HexAccess {
  /** Holds the path of the mirror's public key, inside. */
  static final String KEY_VARIABLE = "RACCOON_HEX_KEY";

  private static final String KEY_FILE = "hex.pem";
  private static final String REBAR_FOLDER = "rebar3";
  private static final int MAX_KEY_BYTES = 16 << 10;

  private HexAccess() {}

  /**
   * What every sandbox has of {@code mirror}.
   *
   * @throws SettingsException when its key cannot be read
   */
  public static Surroundings of(Optional<Settings.HexMirror> mirror) {
    if (mirror.isEmpty()) {
      return Surroundings.NONE;
    }
    Map<String, String> variables = new HashMap<>();
    variables.put("HEX_CDN", "http://" + HexMirror.HOST);
    variables.put("HEX_MIRROR", "http://" + HexMirror.HOST);
    Map<String, String> files = new HashMap<>();
    mirror
        .get()
        .key()
        .map(HexAccess::pem)
        .ifPresent(pem -> {
          files.put(KEY_FILE, pem);
          files.put(REBAR_FOLDER + "/.config/rebar3/rebar.config", rebarConfiguration(pem));
          variables.put(KEY_VARIABLE, Surroundings.ETC + "/" + KEY_FILE);
          variables.put("REBAR_GLOBAL_CONFIG_DIR", Surroundings.ETC + "/" + REBAR_FOLDER);
        });
    return new Surroundings(files, variables);
  }

  /** {@code pem} holds nothing that a string of Erlang's would have to quote. */
  private static String rebarConfiguration(String pem) {
    return "{hex, [{repos, [#{name => <<\"hexpm\">>, repo_public_key => <<\""
        + pem.replace("\n", "\\n")
        + "\">>}]}]}.\n";
  }

  /** The key in {@code file}, written anew. */
  private static String pem(Path file) {
    try {
      if (Files.size(file) > MAX_KEY_BYTES) {
        throw new SettingsException(noKey(file));
      }
      String base64 = Files.readString(file, StandardCharsets.US_ASCII);
      byte[] encoded =
          Base64.getMimeDecoder().decode(base64.replaceAll("-----[A-Z ]{1,40}-----", ""));
      PublicKey key = KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(encoded));
      return "-----BEGIN PUBLIC KEY-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
          + "\n-----END PUBLIC KEY-----\n";
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new SettingsException(noKey(file));
    }
  }

  private static String noKey(Path file) {
    return "RACCOON_HEX_MIRROR_KEY: "
        + file
        + " holds no RSA public key in PEM (-----BEGIN PUBLIC KEY-----).";
  }
}
