package dev.raccoon.egress;

import dev.raccoon.value.CloneUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The server's own copies of repositories that builds clone, kept for all builds. */
@FunctionalInterface
public interface GitCopies {
  /** Copies of nothing: each build asks the code host itself. */
  GitCopies NONE = (wanted, doors) -> Optional.empty();

  /**
   * A repository of a code host's.
   *
   * @param addresses its host's, as they were checked
   */
  record Wanted(CloneUrl url, List<InetAddress> addresses) {}

  /** Makes doors that count to a build's limit. */
  @FunctionalInterface
  interface Doors {
    /** A door to the host of {@code wanted} alone, which the caller closes. */
    LoopbackDoor open(Wanted wanted) throws IOException, InterruptedException;
  }

  /** A copy: a bare repository that is here until this is closed. */
  interface Held extends AutoCloseable {
    /** Its folder, which nothing but this server writes to. */
    Path repository();

    /** It could not be served: whoever wants it next gets another, or none. */
    void failed();

    @Override
    void close();
  }

  /**
   * A copy that has all branches and tags that the host has now, for whoever closes it; empty when
   * there can be none: the host refuses, is away, or has too much. May take as long as a fetch.
   */
  Optional<Held> fresh(Wanted wanted, Doors doors) throws IOException, InterruptedException;
}
