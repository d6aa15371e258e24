package dev.raccoon.tool;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.toolchain.OtpInstallation;
import dev.raccoon.toolchain.TreeFile;
import dev.raccoon.toolchain.TreeFolder;
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
  private static final int MAX_APPLICATIONS = 200;

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
  private final CalledPrograms called;

  /** Lends {@code rebar3} to those that would make it themselves. */
  ErlangMk(Rebar3Programs rebar3, CalledPrograms called) {
    this.rebar3 = rebar3;
    this.called = called;
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
    Path tree = checkout.tree();
    String text = text(tree);
    // One that is not there is fetched by the Makefile, if at all: every command may need it.
    boolean fetches = text.isEmpty() || namesDependencies(tree);
    List<Task> prepare = fetches ? prepare(text, checkout.otp()) : List.of();
    Task compile = compile(text, Makefile.of(tree), fetches);
    Output.InPlace output = Output.InPlace.of(tree);
    return new Choice.Chosen(
        new Recipe(
            name(),
            List.of(),
            called.in(prepare, checkout, output.kept()),
            called.in(List.of(compile), checkout, output.kept()),
            output,
            new MakeDiagnosis()));
  }

  /** Some of 2018 fail to fetch where there is nothing to fetch. */
  private static boolean namesDependencies(Path tree) throws IOException {
    List<String> folders = new ArrayList<>(List.of(""));
    TreeFolder.names(tree, "apps").stream()
        .limit(MAX_APPLICATIONS)
        .forEach(name -> folders.add("apps/" + name + "/"));
    for (String folder : folders) {
      Optional<Makefile> makefile = Makefile.of(tree, folder);
      if (makefile.isPresent()
          && (makefile.get().sets("DEPS")
              || makefile.get().sets("BUILD_DEPS")
              || makefile.get().includesOthers())) {
        return true;
      }
    }
    return false;
  }

  private List<Task> prepare(String text, OtpInstallation otp)
      throws IOException, InterruptedException {
    String target = text.isEmpty() || text.contains("\n" + FETCH + ":") ? FETCH : OLD_FETCH;
    List<Task> tasks = new ArrayList<>();
    if (text.contains(REBAR3_FOLDER)) {
      rebar3.on(otp).ifPresent(program -> tasks.add(lend(program)));
    }
    tasks.add(task("make " + target, List.of("make", target), List.of()));
    tasks.add(
        task(
            "Checking the dependencies",
            List.of("make", "--no-print-directory", "--eval=" + CHECK, "raccoon-dependencies"),
            List.of()));
    return tasks;
  }

  /**
   * Its own applications only, not the release that a developer may want of them; and, as whoever
   * depends on it would, without taking a warning of a newer compiler for an error. The oldest know
   * no such difference: where nothing else is asked of the compiler, it is asked for no errors.
   */
  private static Task compile(String text, Optional<Makefile> makefile, boolean fetches) {
    List<String> arguments = new ArrayList<>(List.of("make", "deps", "app", "IS_DEP=1"));
    boolean isStrict = !text.contains("IS_DEP") && !fetches;
    if (isStrict && makefile.map(file -> !file.sets("ERLC_OPTS")).orElse(false)) {
      arguments.add("ERLC_OPTS=+debug_info");
    }
    return task("make deps app", arguments, List.of());
  }

  private static String text(Path tree) throws IOException {
    return TreeFile.read(tree, FILE, MAX_BYTES) instanceof TreeFile.Content(byte[] bytes)
        ? new String(bytes, UTF_8)
        : "";
  }

  private static Task lend(Rebar3Program program) {
    return task(
        "Lending rebar3 to erlang.mk",
        List.of(
            "erl",
            "-noshell",
            "-noinput",
            "-eval",
            UNPACK_REBAR3,
            "-extra",
            program.file().toString()),
        program.readable());
  }

  private static Task task(String title, List<String> arguments, List<Path> readable) {
    return new Task(title, arguments, Map.of("HEX_CONFIG", HEX_CONFIG), readable);
  }
}
