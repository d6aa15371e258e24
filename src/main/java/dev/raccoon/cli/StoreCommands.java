package dev.raccoon.cli;

import dev.raccoon.admin.AdminRoutes;
import dev.raccoon.artifact.ArtifactStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code raccoon store …}. */
@Command(
    name = "store",
    description = "Checks what is kept of builds, and copies it to another place.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class StoreCommands {
  private final Session session;

  StoreCommands(Session session) {
    this.session = session;
  }

  @Command(
      name = "verify",
      description = {
        "Reads every package and log again, and says which are missing or damaged.",
        "The exit status is 1 when any is."
      },
      mixinStandardHelpOptions = true)
  int verify(
      @Option(
              names = "--remove-orphans",
              description = "Remove what no build names and was put more than a day ago.")
          boolean removeOrphans,
      @Option(names = "--json", description = "Print a JSON object a line, the last for all.")
          boolean json) {
    return working(records -> {
      if (removeOrphans) {
        records.audit().record(session.actor(), "store.remove_orphans", "", "");
      }
      try (ArtifactStore store = session.records().artifacts()) {
        return new StoreVerification(session, records.digests(), store, json).run(removeOrphans);
      }
    });
  }

  @Command(
      name = "move",
      description = {
        "Copies every package and log that a build names to another place.",
        "What is there already is left out, so that it may be ended and called again."
      },
      mixinStandardHelpOptions = true)
  int move(
      @Parameters(
              paramLabel = "TARGET",
              description = "As RACCOON_ARTIFACTS has it: file:///a/folder or s3://bucket/prefix.")
          String target,
      @Option(
              names = "--from",
              paramLabel = "PLACE",
              description = "From there instead of where the server keeps them.")
          @Nullable String place) {
    return working(records -> {
      try (ArtifactStore from =
              place == null ? session.records().artifacts() : session.records().artifacts(place);
          ArtifactStore to = session.records().artifacts(target)) {
        boolean all = new StoreMove(session, from, to).run(records.digests());
        if (place == null) {
          sayWhatIsNext(target);
        }
        return all;
      }
    });
  }

  private void sayWhatIsNext(String target) {
    session
        .out()
        .println(
            """
            Now set RACCOON_ARTIFACTS=%s and start the server again. What was built meanwhile is copied by the same
            command then, with --from and the place that was set before.\
            """
                .formatted(target));
  }

  private interface Work {
    boolean with(AdminRoutes.Records records) throws IOException;
  }

  private int working(Work work) {
    AtomicBoolean good = new AtomicBoolean();
    session.with(records -> {
      try {
        good.set(work.with(records));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    return good.get() ? 0 : 1;
  }
}
