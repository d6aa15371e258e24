package dev.raccoon.fuzz;

import java.util.List;

/** A parser of what strangers send, with what holds for any input. */
public interface FuzzTarget {
  /** Inputs, mostly good ones, from which the fuzzer makes others; in UTF-8. */
  List<String> seeds();

  /**
   * Gives {@code input} to the parser.
   *
   * @throws AssertionError when something does not hold that must
   * @throws Exception whatever the parser should not have thrown
   */
  void check(byte[] input) throws Exception;
}
