package dev.raccoon.value;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What {@code git check-ref-format} says of names, asked for many of them at once. */
final class GitsJudgement {
  private static final String EACH =
      "while IFS= read -r name; do git check-ref-format \"refs/tags/$name\" || echo \"$name\"; done";

  private GitsJudgement() {}

  /** Those of {@code names}, which hold no newline, that git would not have as a tag. */
  static List<String> refusedOf(Collection<String> names) throws Exception {
    Process shell =
        new ProcessBuilder("sh", "-c", EACH)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
    var refused = new CompletableFuture<List<String>>();
    Thread.ofVirtual().start(() -> refused.complete(shell.inputReader(UTF_8).lines().toList()));
    try (var in = shell.outputWriter(UTF_8)) {
      for (String name : names) {
        in.write(name + "\n");
      }
    }
    if (shell.waitFor() != 0 && refused.join().isEmpty()) {
      throw new IllegalStateException("the shell failed");
    }
    return refused.join();
  }
}
