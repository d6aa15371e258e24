package dev.raccoon.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.value.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A package of Hex's format, version 3 (the Hex specifications, "Package tarball").
 *
 * @param innerChecksum of what is in it
 */
@SuppressWarnings("ArrayRecordComponent")
record HexTarball(byte[] bytes, byte[] innerChecksum) {
  /** One of a package's files. */
  record Source(byte[] bytes, boolean executable) {
    Source(String text) {
      this(text.getBytes(UTF_8), false);
    }

    private Source(byte[] bytes) {
      this(bytes, false);
    }
  }

  /** A package of {@code files} that needs {@code requirements}, versions by names. */
  static HexTarball of(
      String name, String version, Map<String, Source> files, Map<String, String> requirements)
      throws IOException {
    byte[] metadata = metadata(name, version, files, requirements).getBytes(UTF_8);
    byte[] contents = gzip(tar(new TreeMap<>(files)));
    byte[] inner = digest(concatenated("3".getBytes(UTF_8), metadata, contents));
    Map<String, Source> members = new LinkedHashMap<>();
    members.put("VERSION", new Source("3"));
    members.put("CHECKSUM", new Source(hex(inner)));
    members.put("metadata.config", new Source(metadata));
    members.put("contents.tar.gz", new Source(contents));
    return new HexTarball(tar(members), inner);
  }

  /** SHA-256 of all of it. */
  byte[] outerChecksum() {
    return digest(bytes);
  }

  private static String metadata(
      String name, String version, Map<String, Source> files, Map<String, String> requirements) {
    String tool =
        files.containsKey("mix.exs") && !files.containsKey("rebar.config") ? "mix" : "rebar3";
    String paths =
        files.keySet().stream().sorted().map(HexTarball::binary).collect(Collectors.joining(","));
    String needs =
        requirements.entrySet().stream()
            .map(need ->
                "{%s,[{<<\"app\">>,%s},{<<\"optional\">>,false},{<<\"requirement\">>,%s}]}"
                    .formatted(
                        binary(need.getKey()), binary(need.getKey()), binary(need.getValue())))
            .collect(Collectors.joining(","));
    return """
    {<<"app">>,%s}.
    {<<"build_tools">>,[%s]}.
    {<<"description">>,<<"A package of the tests">>}.
    {<<"files">>,[%s]}.
    {<<"licenses">>,[<<"MIT">>]}.
    {<<"links">>,[]}.
    {<<"name">>,%s}.
    {<<"requirements">>,[%s]}.
    {<<"version">>,%s}.
    """
        .formatted(binary(name), binary(tool), paths, binary(name), needs, binary(version));
  }

  private static String binary(String text) {
    return "<<\"" + text + "\"/utf8>>";
  }

  private static byte[] tar(Map<String, Source> members) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Map.Entry<String, Source> member : members.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(member.getKey());
        entry.setSize(member.getValue().bytes().length);
        entry.setMode(member.getValue().executable() ? 0100755 : 0100644);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(member.getValue().bytes());
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    }
    return bytes.toByteArray();
  }

  private static byte[] concatenated(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] digest(byte[] bytes) {
    return java.util.HexFormat.of().parseHex(Sha256.of(bytes).hex());
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes).toUpperCase(Locale.ROOT);
  }
}
