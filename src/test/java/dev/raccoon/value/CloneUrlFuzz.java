package dev.raccoon.value;

import dev.raccoon.fuzz.FuzzTarget;
import dev.raccoon.fuzz.Property;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/** A request's {@code clone_url}. */
public final class CloneUrlFuzz implements FuzzTarget {
  @Override
  public List<String> seeds() {
    return List.of(
        "https://github.com/acme/demo.git",
        "https://Example.org:8443/a/b/c/",
        "https://[2001:db8::1]:443/x",
        "https://user:secret@example.org/x",
        "ssh://git@example.org/x",
        "https://a.b/../c",
        "https://a.b/.git");
  }

  @Override
  public void check(byte[] input) {
    Property.parsed(CloneUrl::parse, Property.text(input)).ifPresent(CloneUrlFuzz::accepted);
  }

  private static void accepted(CloneUrl url) {
    String text = url.toString();
    Property.same(CloneUrl.parse(text), url);
    Property.holds(text.length() <= CloneUrl.MAX_LENGTH, "too long");
    Property.holds(text.chars().allMatch(c -> c > ' ' && c < 0x7F), "more than plain ASCII");
    Property.holds(text.chars().noneMatch(c -> "@?#%\\'\"`$".indexOf(c) >= 0), "odd signs");
    for (String segment : url.path().substring(1).split("/", -1)) {
      Property.holds(!List.of("", ".", "..", ".git").contains(segment), "leads elsewhere");
    }
    Property.same(url.host(), url.host().toLowerCase(Locale.ROOT));
    Property.holds(url.sameRepository(url), "not itself");
    if (!url.host().startsWith("[")) {
      agrees(URI.create(text), url);
    }
  }

  /** Another parser must see the same host and port, or another one would be checked. */
  private static void agrees(URI uri, CloneUrl url) {
    Property.same(uri.getScheme(), "https");
    Property.same(uri.getPath(), url.path());
    Property.same(uri.getRawAuthority(), url.host() + (url.port() < 0 ? "" : ":" + url.port()));
  }
}
