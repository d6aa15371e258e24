/**
 * What parses strangers' input, given inputs that a fuzzer makes. A target is the parser's {@code
 * *Fuzz} beside its tests; {@code bench/fuzz} runs them all with Jazzer, and {@code
 * FuzzTargetsTest} runs their seeds. Read {@link dev.raccoon.fuzz.FuzzTarget} first.
 */
@NullMarked
package dev.raccoon.fuzz;

import org.jspecify.annotations.NullMarked;
