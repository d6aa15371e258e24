package dev.raccoon.retention;

import java.io.IOException;
import java.nio.file.Path;

/** Of packages and logs in files. */
class RetentionTest extends RetentionContract {
  @Override
  OldBuilds oldBuilds(Path folder) throws IOException {
    return new OldBuilds(folder);
  }
}
