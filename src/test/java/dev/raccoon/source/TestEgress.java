package dev.raccoon.source;

import dev.raccoon.config.Settings;
import dev.raccoon.egress.EgressLimits;
import dev.raccoon.egress.EgressProxy;
import dev.raccoon.egress.Resolver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** The way out as the server has it, for tests that are about something else. */
public final class TestEgress {
  private TestEgress() {}

  /** With all that it keeps in {@code folder}. */
  public static EgressProxy in(Path folder) throws IOException {
    return new EgressProxy(
        folder.resolve("egress"),
        new EgressProxy.Network(Resolver.ofMachine(), Optional.empty()),
        EgressLimits.of(Settings.of(Map.of()).egress()),
        new Git(folder.resolve("git"))::httpBackend,
        Clock.systemUTC());
  }
}
