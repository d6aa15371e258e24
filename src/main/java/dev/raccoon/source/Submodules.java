package dev.raccoon.source;

import dev.raccoon.value.CloneUrl;
import java.util.List;

/** What became of the submodules of a commit, and of theirs. */
sealed interface Submodules {
  Submodules NONE = new Fetched(List.of());

  /** The addresses that were asked for them, whatever was answered. */
  List<CloneUrl> asked();

  /** Their commits are in the request's repository; each comes after the one that it lies in. */
  record Fetched(List<Submodule> all) implements Submodules {
    public Fetched {
      all = List.copyOf(all);
    }

    @Override
    public List<CloneUrl> asked() {
      return all.stream().map(Submodule::url).toList();
    }
  }

  /** One may not be fetched, or is not there: asking again will not help. */
  record Refused(List<CloneUrl> asked, String sentence) implements Submodules {
    public Refused {
      asked = List.copyOf(asked);
    }
  }

  /** A code host or the way there is at fault: asking again may help. */
  record Unavailable(List<CloneUrl> asked, String sentence) implements Submodules {
    public Unavailable {
      asked = List.copyOf(asked);
    }
  }
}
