package dev.raccoon.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.cache.FileCache.Entry;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCacheTest {
  @TempDir Path folder;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private FileCache cache(long bytes) throws IOException {
    return new FileCache(folder, bytes, clock());
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return now;
      }

      @Override
      public ZoneOffset getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        return this;
      }
    };
  }

  private Optional<Entry> keep(FileCache cache, String key, String text) throws IOException {
    now = now.plus(Duration.ofSeconds(1));
    Path draft = Files.writeString(cache.draft(), text);
    return cache.keep(key, draft, Sha256.of(text.getBytes(UTF_8)), "\"" + text + "\"");
  }

  private static String text(Optional<Entry> entry) throws IOException {
    return Files.readString(entry.orElseThrow().file());
  }

  private long files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.count();
    }
  }

  @Test
  void whatIsKeptIsFoundWithItsValidatorAndAfterARestartToo() throws Exception {
    keep(cache(100), "/a", "one");

    Optional<Entry> found = cache(100).find("/a");

    assertThat(text(found)).isEqualTo("one");
    assertThat(found.orElseThrow().validator()).isEqualTo("\"one\"");
    assertThat(cache(100).find("/b")).isEmpty();
  }

  @Test
  void aNewerFileTakesThePlaceOfTheOneBefore() throws Exception {
    FileCache cache = cache(100);
    keep(cache, "/a", "one");
    keep(cache, "/a", "another");

    assertThat(text(cache.find("/a"))).isEqualTo("another");
    assertThat(text(cache(100).find("/a"))).isEqualTo("another");
    assertThat(files()).isEqualTo(1);
  }

  @Test
  void whatNobodyUsedForLongestGoesWhenThereIsNoRoom() throws Exception {
    FileCache cache = cache(10);
    keep(cache, "/a", "aaaa");
    keep(cache, "/b", "bbbb");
    now = now.plus(Duration.ofSeconds(1));
    cache.find("/a");
    keep(cache, "/c", "cccc");

    assertThat(cache.find("/b")).isEmpty();
    assertThat(cache.find("/a")).isPresent();
    assertThat(cache.find("/c")).isPresent();
    assertThat(keep(cache, "/d", "more than ten bytes")).isEmpty();
  }

  @Test
  void aSmallerLimitHoldsFromTheNextStartOn() throws Exception {
    FileCache cache = cache(100);
    keep(cache, "/a", "aaaa");
    keep(cache, "/b", "bbbb");

    FileCache smaller = cache(5);

    assertThat(smaller.find("/a")).isEmpty();
    assertThat(smaller.find("/b")).isPresent();
    assertThat(files()).isEqualTo(1);
  }

  @Test
  void aDamagedFileIsThrownAway() throws Exception {
    FileCache cache = cache(100);
    Files.writeString(keep(cache, "/a", "one").orElseThrow().file(), "own");

    assertThat(cache.find("/a")).isEmpty();
    assertThat(files()).isZero();
    Files.delete(keep(cache, "/a", "one").orElseThrow().file());
    assertThat(cache.find("/a")).isEmpty();
  }

  @Test
  void whatACrashLeftIsRemovedAtTheNextStart() throws Exception {
    Files.writeString(cache(100).draft(), "half");
    Files.writeString(folder.resolve("x".repeat(140)), "no name of ours");

    cache(100);

    assertThat(files()).isZero();
  }
}
