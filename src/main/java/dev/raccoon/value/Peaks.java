package dev.raccoon.value;

/**
 * The most that a build had of everything at once, as far as was seen.
 *
 * @param memoryBytes of its processes together
 * @param processes with their threads
 * @param diskBytes all that it had written and not deleted
 * @param files files, folders and links
 */
public record Peaks(long memoryBytes, long processes, long diskBytes, long files) {
  /** Before anything was seen. */
  public static final Peaks NONE = new Peaks(0, 0, 0, 0);

  /** The greater ones of these and {@code other}. */
  public Peaks max(Peaks other) {
    return new Peaks(
        Math.max(memoryBytes, other.memoryBytes),
        Math.max(processes, other.processes),
        Math.max(diskBytes, other.diskBytes),
        Math.max(files, other.files));
  }
}
