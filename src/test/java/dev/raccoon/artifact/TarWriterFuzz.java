package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.fuzz.FuzzTarget;
import dev.raccoon.fuzz.Property;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Members of a tar, one name a line: those that end in a slash are folders. */
public final class TarWriterFuzz implements FuzzTarget {
  @Override
  public List<String> seeds() {
    String deep = "a-folder-of-some-length/".repeat(5);
    return List.of(
        "ebin/\nebin/demo.app\nebin/demo.beam\nenot_config.json",
        "priv/" + deep + "x\npriv/é\npriv/" + "n".repeat(94) + "\npriv/" + "n".repeat(95),
        "PaxHeaders/path\n../x\n/etc/passwd\na/./b\na\\b\nC:/x\n\ud83e\udd9d");
  }

  @Override
  public void check(byte[] input) throws Exception {
    List<Member> members = members(Property.text(input));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(out)) {
      for (Member member : members) {
        tar.write(member);
      }
    }
    Property.holds(
        out.size() == TarWriter.sizeBytes(members, Long.MAX_VALUE), "not as long as was said");
    List<String> names = names(out.toByteArray());
    Property.same(names, members.stream().map(Member::name).toList());
    names.forEach(TarWriterFuzz::stays);
  }

  private static List<Member> members(String text) {
    return text.lines()
        .limit(100)
        .filter(TarWriterFuzz::isMemberName)
        .distinct()
        .<Member>map(name ->
            name.endsWith("/")
                ? new Member.Folder(name)
                : new Member.Generated(name, name.getBytes(UTF_8)))
        .sorted(Member.BY_NAME)
        .toList();
  }

  /** As the collector of members makes them. */
  private static boolean isMemberName(String name) {
    String file = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    return file.getBytes(UTF_8).length < MemberName.MAX_BYTES
        && Stream.of(file.split("/", -1)).allMatch(MemberName::isPlain);
  }

  /** The members' names as another reader sees them. */
  static List<String> names(byte[] tar) throws IOException {
    List<String> names = new ArrayList<>();
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new ByteArrayInputStream(tar), UTF_8.name())) {
      for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        Property.holds(e.isFile() || e.isDirectory(), "neither file nor folder");
        Property.holds(e.isDirectory() == e.getName().endsWith("/"), "a folder without a slash");
        names.add(e.getName());
      }
    }
    return names;
  }

  /** A name that is unpacked below the folder of whoever unpacks it. */
  static void stays(String name) {
    Property.printable(name);
    Property.holds(!name.startsWith("/"), "an absolute name");
    Property.holds(name.indexOf('\\') < 0, "a backslash");
    String file = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    for (String segment : file.split("/", -1)) {
      Property.holds(!List.of("", ".", "..").contains(segment), "a name that leads elsewhere");
    }
  }
}
