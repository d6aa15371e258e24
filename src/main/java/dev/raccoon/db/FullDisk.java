package dev.raccoon.db;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Tells a full disk, the database's or this machine's, from all else that can go wrong. */
public final class FullDisk {
  private static final String DATABASE_DISK_FULL = "53100";

  /** ENOSPC and EDQUOT, as the C library says them. */
  private static final Set<String> REASONS =
      Set.of("No space left on device", "Disk quota exceeded");

  private static final int MAX_CAUSES = 50;

  private FullDisk() {}

  /** Whether {@code failure} came of one. */
  public static boolean causes(Throwable failure) {
    return ofDatabase(failure) || any(failure, FullDisk::isOfThisMachine);
  }

  /** Whether {@code failure} came of the database's. */
  public static boolean ofDatabase(Throwable failure) {
    return any(
        failure,
        cause -> cause instanceof SQLException sql && DATABASE_DISK_FULL.equals(sql.getSQLState()));
  }

  private static boolean any(Throwable failure, Predicate<Throwable> wanted) {
    Throwable cause = failure;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
      if (wanted.test(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static boolean isOfThisMachine(Throwable cause) {
    return switch (cause) {
      // Its message names a file, which might be called anything.
      case FileSystemException file -> isReason(file.getReason());
      case IOException io -> isReason(io.getMessage());
      default -> false;
    };
  }

  private static boolean isReason(@Nullable String text) {
    return text != null
        && (REASONS.contains(text)
            || REASONS.stream().anyMatch(reason -> text.endsWith("(" + reason + ")")));
  }
}
