package dev.raccoon.source;

/** What a fetch came to. */
public sealed interface FetchResult {
  /** The repository with the commits that the remote has of those asked for. */
  record Fetched(SourceRepository repository) implements FetchResult {}

  /** There is nothing to fetch there, or it may not be: asking again will not help. */
  record Refused(String sentence) implements FetchResult {}

  /** The code host or the way there is at fault: asking again may help. */
  record Unavailable(String sentence) implements FetchResult {}
}
