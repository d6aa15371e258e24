package dev.raccoon.sandbox;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * A file system's size and what of it is used: statvfs(3), since Java's own classes look for a
 * mount point that this process sees, and tell nothing of inodes.
 */
record StatVfs(long usedBytes, long usedFiles, long freeBytes, long freeFiles) {
  @SuppressWarnings("restricted") // The signature below is statvfs(3)'s.
  private static final MethodHandle STATVFS =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("statvfs"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));

  // struct statvfs of glibc on 64-bit machines begins with eight-byte fields; these are their
  // places.
  private static final int FRAGMENT_SIZE = 1;
  private static final int BLOCKS = 2;
  private static final int FREE_BLOCKS = 3;
  private static final int FILES = 5;
  private static final int FREE_FILES = 6;

  /** More than glibc's struct statvfs. */
  private static final long STRUCT_BYTES = 256;

  /** Of the file system that {@code path} lies on. */
  static StatVfs of(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment struct = arena.allocate(STRUCT_BYTES, Long.BYTES);
      int result = (int) STATVFS.invokeExact(arena.allocateFrom(path.toString()), struct);
      if (result != 0) {
        throw new IOException("statvfs: " + path + " cannot be asked for its size");
      }
      long fragment = field(struct, FRAGMENT_SIZE);
      long free = field(struct, FREE_BLOCKS);
      long freeFiles = field(struct, FREE_FILES);
      return new StatVfs(
          (field(struct, BLOCKS) - free) * fragment,
          field(struct, FILES) - freeFiles,
          free * fragment,
          freeFiles);
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static long field(MemorySegment struct, int field) {
    return struct.getAtIndex(ValueLayout.JAVA_LONG, field);
  }
}
