package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** A tar's members in its own order. */
record TarContents(Map<String, Entry> members) {
  /** A member: its header, and its bytes as text. */
  record Entry(TarArchiveEntry header, String text) {}

  static TarContents read(Path tar) throws IOException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(Files.newInputStream(tar), UTF_8.name())) {
      for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        Entry previous =
            entries.put(e.getName(), new Entry(e, new String(in.readAllBytes(), UTF_8)));
        if (previous != null) {
          throw new AssertionError("two members are named " + e.getName());
        }
      }
    }
    return new TarContents(entries);
  }

  Set<String> names() {
    return members.keySet();
  }

  Collection<Entry> entries() {
    return members.values();
  }

  String text(String name) {
    return member(name).text();
  }

  TarArchiveEntry header(String name) {
    return member(name).header();
  }

  private Entry member(String name) {
    Entry entry = members.get(name);
    if (entry == null) {
      throw new AssertionError(name + " is not among " + members.keySet());
    }
    return entry;
  }
}
