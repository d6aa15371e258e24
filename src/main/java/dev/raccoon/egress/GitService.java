package dev.raccoon.egress;

import java.io.IOException;
import java.util.Map;

/** Starts {@code git http-backend}. */
@FunctionalInterface
public interface GitService {
  /** Started with these variables of RFC 3875 on top of git's own; its streams are the caller's. */
  Process start(Map<String, String> variables) throws IOException;
}
