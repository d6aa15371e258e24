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
  /** A package of {@code files} that needs {@code requirements}, versions by names. */
  static HexTarball of(
      String name, String version, Map<String, String> files, Map<String, String> requirements)
      throws IOException {
    byte[] metadata = metadata(name, version, files, requirements).getBytes(UTF_8);
    Map<String, byte[]> sources = new TreeMap<>();
    files.forEach((path, text) -> sources.put(path, text.getBytes(UTF_8)));
    byte[] contents = gzip(tar(sources));
    byte[] inner = digest(concatenated("3".getBytes(UTF_8), metadata, contents));
    Map<String, byte[]> members = new LinkedHashMap<>();
    members.put("VERSION", "3".getBytes(UTF_8));
    members.put("CHECKSUM", hex(inner).getBytes(UTF_8));
    members.put("metadata.config", metadata);
    members.put("contents.tar.gz", contents);
    return new HexTarball(tar(members), inner);
  }

  /** SHA-256 of all of it. */
  byte[] outerChecksum() {
    return digest(bytes);
  }

  private static String metadata(
      String name, String version, Map<String, String> files, Map<String, String> requirements) {
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
    {<<"build_tools">>,[<<"rebar3">>]}.
    {<<"description">>,<<"A package of the tests">>}.
    {<<"files">>,[%s]}.
    {<<"licenses">>,[<<"MIT">>]}.
    {<<"links">>,[]}.
    {<<"name">>,%s}.
    {<<"requirements">>,[%s]}.
    {<<"version">>,%s}.
    """
        .formatted(binary(name), paths, binary(name), needs, binary(version));
  }

  private static String binary(String text) {
    return "<<\"" + text + "\">>";
  }

  private static byte[] tar(Map<String, byte[]> members) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(member.getKey());
        entry.setSize(member.getValue().length);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(member.getValue());
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
