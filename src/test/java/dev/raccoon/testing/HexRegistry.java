package dev.raccoon.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;

/** A package's resource in Hex's registry, unsigned (the Hex specifications, "package.proto"). */
final class HexRegistry {
  private HexRegistry() {}

  /** A version of a package. */
  record Release(String version, HexTarball tarball, Map<String, String> requirements) {}

  static byte[] packageOf(String name, List<Release> releases) {
    Message message = new Message();
    releases.forEach(release -> message.bytes(1, release(release)));
    return message.text(2, name).text(3, "hexpm").encoded();
  }

  private static byte[] release(Release release) {
    Message message = new Message();
    message.text(1, release.version()).bytes(2, release.tarball().innerChecksum());
    release
        .requirements()
        .forEach((name, version) ->
            message.bytes(3, new Message().text(1, name).text(2, version).encoded()));
    return message.bytes(5, release.tarball().outerChecksum()).encoded();
  }

  static byte[] signed(byte[] payload, byte[] signature) {
    return new Message().bytes(1, payload).bytes(2, signature).encoded();
  }

  /** Protocol Buffers' encoding, of what has a length alone. */
  private static final class Message {
    private static final int LENGTH_DELIMITED = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message text(int field, String text) {
      return bytes(field, text.getBytes(UTF_8));
    }

    Message bytes(int field, byte[] bytes) {
      varint((field << 3) | LENGTH_DELIMITED);
      varint(bytes.length);
      out.writeBytes(bytes);
      return this;
    }

    private void varint(int value) {
      int rest = value;
      while (rest > 0x7f) {
        out.write((rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      out.write(rest);
    }

    byte[] encoded() {
      return out.toByteArray();
    }
  }
}
