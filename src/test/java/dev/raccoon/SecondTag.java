package dev.raccoon;

import dev.raccoon.testing.GitRepository;
import dev.raccoon.testing.TestHexMirror;
import dev.raccoon.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How long the second tag of a package with three dependencies takes, beside the first: each round
 * has a server that has never fetched anything. Run by {@code bench/second-tag}.
 */
final class SecondTag {
  private static final double LIMIT = 0.7;

  private SecondTag() {}

  /** FOLDER ROUNDS */
  public static void main(String... arguments) throws Exception {
    List<Double> first = new ArrayList<>();
    List<Double> second = new ArrayList<>();
    int rounds = Integer.parseInt(arguments[1]);
    try (TestHexMirror mirror = new TestHexMirror()) {
      for (String name : List.of("alpha", "beta", "gamma")) {
        mirror.application(name, "1.0.0", Map.of());
      }
      for (int round = 1; round <= rounds; round++) {
        Path folder = Files.createDirectories(Path.of(arguments[0]).resolve("round-" + round));
        repository(folder.resolve("code/needy.git"));
        try (TestServer server = TestServer.start(folder, settings(folder, mirror))) {
          server.afterItsSurvey();
          first.add(seconds(server, "1.0.0"));
          second.add(seconds(server, "1.1.0"));
        }
        System.out.printf(
            "round %d: first %.2f s, second %.2f s%n", round, first.getLast(), second.getLast());
      }
    }
    double ratio = median(second) / median(first);
    System.out.printf(
        "median first %.2f s, second %.2f s: ratio %.2f, %s (at most %.1f)%n",
        median(first), median(second), ratio, ratio <= LIMIT ? "met" : "missed", LIMIT);
    System.exit(ratio <= LIMIT ? 0 : 1);
  }

  private static void repository(Path path) throws IOException {
    GitRepository repository = GitRepository.create(path);
    repository.commitFile("rebar.config", "{deps, [alpha, beta, gamma]}.\n");
    repository.commitFile(
        "src/needy.erl", "-module(needy).\n-export([x/0]).\nx() -> alpha:name().\n");
    for (String version : List.of("1.0.0", "1.1.0")) {
      repository.commitFile(
          "src/needy.app.src",
          """
          {application, needy, [{vsn, "%s"}, {applications, [kernel, stdlib, alpha, beta, gamma]}]}.
          """
              .formatted(version));
      repository.tag(version, "main");
    }
  }

  private static Map<String, String> settings(Path folder, TestHexMirror mirror)
      throws IOException {
    return Map.of(
        "RACCOON_GIT_REWRITES",
        "https://git.example.org/=" + folder.resolve("code") + "/",
        "RACCOON_HEX_MIRROR",
        mirror.url(),
        "RACCOON_HEX_MIRROR_KEY",
        mirror.key(folder.resolve("hex.pem")).toString());
  }

  private static double seconds(TestServer server, String tag) {
    long start = System.nanoTime();
    TestServer.Reply reply =
        server.post(
            "/buildSync",
            """
            {"full_name": "bench/needy", "clone_url": "https://git.example.org/needy.git",
             "versions": [{"ref": "%s"}]}
            """
                .formatted(tag));
    double taken = (System.nanoTime() - start) / 1e9;
    if (!reply.json().get("result").booleanValue()) {
      throw new IllegalStateException(reply.text());
    }
    return taken;
  }

  private static double median(List<Double> figures) {
    List<Double> sorted = figures.stream().sorted().toList();
    int size = sorted.size();
    return (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
  }
}
