package dev.raccoon.catalog;

import java.util.List;
import java.util.Optional;

/**
 * What the programs and shared libraries of an artifact need of the machine that loads them.
 *
 * @param processors each once, as {@code uname -m} names them
 * @param cLibraries each once: {@code musl}, or {@code glibc 2.34} with the oldest version that has
 *     all that is needed; empty where none is loaded
 * @param nifVersion of the OTP that it was built with, such as 2.16, if a module loads one of them
 */
public record NativeCode(
    List<String> processors, List<String> cLibraries, Optional<String> nifVersion) {
  public NativeCode {
    processors = List.copyOf(processors);
    cLibraries = List.copyOf(cLibraries);
  }
}
