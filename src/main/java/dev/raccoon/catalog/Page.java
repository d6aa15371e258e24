package dev.raccoon.catalog;

import dev.raccoon.value.BuildId;
import dev.raccoon.value.InvalidValueException;
import java.util.List;
import java.util.Optional;

/**
 * A page of a list.
 *
 * @param rows in the list's order
 * @param total how many rows the whole list has
 */
public record Page<T>(List<T> rows, long total) {
  /**
   * Which page is asked for.
   *
   * @param limit at most so many rows, from 1 to {@link #MAX_LIMIT}
   * @param after the last row of the page before; empty: from the start
   */
  public record Request(int limit, Optional<BuildId> after) {
    /** The most rows of one page. */
    public static final int MAX_LIMIT = 1_000;

    public Request {
      if (limit < 1 || limit > MAX_LIMIT) {
        throw new InvalidValueException("limit is a number from 1 to " + MAX_LIMIT + ".");
      }
    }
  }
}
