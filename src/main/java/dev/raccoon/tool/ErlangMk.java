package dev.raccoon.tool;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.toolchain.TreeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * erlang.mk: a Makefile that includes it. Tried with its releases from 2013 to 2025, which differ
 * in much.
 */
final class ErlangMk implements BuildTool {
  private static final String FILE = "erlang.mk";
  private static final int MAX_BYTES = 2 << 20;

  /** Newer ones run what rebar3 is made of, and clone and compile it unless it lies here. */
  private static final String REBAR3_FOLDER = "rebar3/_build/prod/lib";

  /**
   * Old ones have no other way to fetch than to compile as well, which is done with the way out
   * then.
   */
  private static final String OLD_FETCH = "deps";

  private static final String FETCH = "fetch-deps";

  /** It ends with 0 though a dependency was not made ready: see that each can be built. */
  private static final String CHECK =
      """
      raccoon-dependencies: ; @for d in $(ALL_DEPS_DIRS); do \
      [ -f "$$d/Makefile" ] || [ -f "$$d/makefile" ] || [ -f "$$d/GNUmakefile" ] \
      || [ -d "$$d/ebin" ] \
      || { echo "Error: the dependency $$(basename "$$d") was not made ready."; exit 1; }; \
      done
      """;

  /**
   * Newer ones fetch from Hex by httpc, which heeds no variable: what they add to its configuration
   * tells it of the proxy.
   */
  static final String HEX_CONFIG =
      """
      #{http_user_agent_fragment => begin \
      #{host := Host, port := Port} = uri_string:parse(os:getenv("http_proxy")), \
      Proxy = {{Host, Port}, []}, \
      ok = httpc:set_options([{proxy, Proxy}, {https_proxy, Proxy}]), \
      <<"(httpc)">> end}\
      """;

  static final String UNPACK_REBAR3 =
      """
      catch begin
        [File] = init:get_plain_arguments(),
        {ok, Parts} = escript:extract(File, []),
        {archive, Zip} = lists:keyfind(archive, 1, Parts),
        {ok, _} = zip:unzip(Zip, [{cwd, ".erlang.mk/%s"}])
      end,
      halt(0).
      """
          .formatted(REBAR3_FOLDER);

  private final Rebar3Programs rebar3;

  /** Lends {@code rebar3} to those that would make it themselves. */
  ErlangMk(Rebar3Programs rebar3) {
    this.rebar3 = rebar3;
  }

  @Override
  public String name() {
    return FILE;
  }

  @Override
  public boolean fits(Checkout checkout) throws IOException {
    return Makefile.of(checkout.tree()).map(Makefile::includesErlangMk).orElse(false);
  }

  @Override
  public Choice recipe(Checkout checkout) throws IOException, InterruptedException {
    Layout layout = Layout.of(checkout.tree());
    // Its own application only, not the release that a developer may want of it; and, as whoever
    // depends on it would, without taking a warning of a newer compiler for an error.
    Task compile = task("make deps app", List.of("make", "deps", "app", "IS_DEP=1"), List.of());
    return new Choice.Chosen(
        new Recipe(
            name(), List.of(), prepare(checkout, layout), List.of(compile), new MakeDiagnosis()));
  }

  private List<Task> prepare(Checkout checkout, Layout layout)
      throws IOException, InterruptedException {
    boolean fetches =
        Makefile.of(checkout.tree()).map(makefile -> makefile.has("DEPS")).orElse(true)
            || layout.has("apps")
            || !layout.has(FILE);
    if (!fetches) {
      return List.of();
    }
    // One that is not there is fetched by the Makefile, if at all, and is a new one.
    String text = text(checkout.tree());
    String target = text.isEmpty() || text.contains("\n" + FETCH + ":") ? FETCH : OLD_FETCH;
    List<Task> tasks = new ArrayList<>();
    Optional<Path> program = rebar3.first();
    if (text.contains(REBAR3_FOLDER) && program.isPresent()) {
      tasks.add(lend(program.get()));
    }
    tasks.add(task("make " + target, List.of("make", target), List.of()));
    tasks.add(
        task(
            "Checking the dependencies",
            List.of("make", "--no-print-directory", "--eval=" + CHECK, "raccoon-dependencies"),
            List.of()));
    return tasks;
  }

  private static String text(Path tree) throws IOException {
    return TreeFile.read(tree, FILE, MAX_BYTES) instanceof TreeFile.Content(byte[] bytes)
        ? new String(bytes, UTF_8)
        : "";
  }

  private static Task lend(Path program) {
    return task(
        "Lending rebar3 to erlang.mk",
        List.of(
            "erl", "-noshell", "-noinput", "-eval", UNPACK_REBAR3, "-extra", program.toString()),
        List.of(program));
  }

  private static Task task(String title, List<String> arguments, List<Path> readable) {
    return new Task(title, arguments, Map.of("HEX_CONFIG", HEX_CONFIG), readable);
  }
}
