package dev.raccoon.source;

import dev.raccoon.fuzz.FuzzTarget;
import dev.raccoon.fuzz.Property;
import dev.raccoon.value.CloneUrl;
import java.util.List;

/** What git, and through it a remote, prints when a fetch fails. */
public final class GitFailureFuzz implements FuzzTarget {
  private static final CloneUrl URL = CloneUrl.parse("https://example.org/acme/demo");

  @Override
  public List<String> seeds() {
    return List.of(
        "fatal: unable to access 'https://example.org/acme/demo/': Could not resolve host\n",
        "remote: Not Found\nfatal: repository 'https://example.org/x/' not found\n",
        "fatal: couldn't find remote ref refs/tags/1.0.0\n",
        "error: Server does not allow request for unadvertised object "
            + "da39a3ee5e6b4b0d3255bfef95601890afd80709\n",
        "remote:   \u001b[31mgo /srv/data/x:1 away\nerror:   \nfatal: /etc/shadow 'x'\n");
  }

  @Override
  public void check(byte[] input) {
    String output = Property.text(input);
    GitFailure.notThere(output)
        .ifPresent(name -> Property.holds(output.contains(name), "a name that was not printed"));
    switch (GitFailure.read(URL, output)) {
      case FetchResult.Fetched _ -> throw new AssertionError("a failure that fetched");
      case FetchResult.Refused(String sentence) -> Property.sentence(sentence);
      case FetchResult.Unavailable(String sentence) -> Property.sentence(sentence);
    }
  }
}
