package dev.raccoon.catalog;

/**
 * Why a build failed, and so whose fault it is: only {@link #INFRASTRUCTURE} is ours, and only that
 * is tried again.
 */
public enum FailureKind {
  /** No such tag, a clone that was refused. */
  SOURCE,
  /** Something that the package needs could not be had. */
  DEPENDENCY,
  /** The package does not compile, or what came out cannot be packed. */
  COMPILE,
  /** Time, silence, memory, processes, disk or the artifact's size. */
  LIMIT,
  /** No such Erlang/OTP here, or no build tool that fits it. */
  TOOLCHAIN,
  /** Ours. */
  INFRASTRUCTURE
}
