package dev.raccoon.tool;

import dev.raccoon.sandbox.Workspace;
import dev.raccoon.toolchain.TreeFile;
import dev.raccoon.toolchain.TreeFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** mix, Elixir's own tool; it leaves Erlang's dependencies to rebar3. */
final class MixTool implements BuildTool {
  private static final Path DEPENDENCIES = Path.of("deps");
  private static final Path OUTPUT = Path.of("_build", "prod");

  /**
   * Without Hex, mix refuses whatever has a package of Hex among its dependencies, be it for
   * developers alone, as documentation's tools are. This stands in for Hex: it knows such packages,
   * and has none of them.
   */
  private static final String WITHOUT_HEX =
      """
      defmodule Raccoon.WithoutHex do
        @behaviour Mix.SCM
        def fetchable?, do: true
        def format(opts), do: "Hex package " <> opts[:hex]
        def format_lock(_opts), do: nil
        def accepts_options(app, opts), do: Keyword.put_new(opts, :hex, Atom.to_string(app))
        def checked_out?(_opts), do: false
        def checkout(opts) do
          Mix.raise("Raccoon has no Hex for the dependency #{opts[:hex]}")
        end
        def update(opts), do: checkout(opts)
        def lock_status(_opts), do: :ok
        def equal?(one, other), do: one[:hex] == other[:hex]
        def managers(_opts), do: []
      end
      Mix.start()
      Mix.SCM.append(Raccoon.WithoutHex)
      Mix.CLI.main()
      """;

  /**
   * Hex goes by {@code HEX_MIRROR} for packages, but asks the repository that it has by name for a
   * newer version of itself. It writes no address down that is the variable's. A mirror that signs
   * with a key of its own has to be trusted as well.
   */
  private static final String NAME_MIRROR =
      """
      if [ -n "${HEX_MIRROR-}" ]; then
        set -- hex.repo set hexpm --url "$HEX_MIRROR"
        [ -z "${%1$s-}" ] || set -- "$@" --public-key "$%1$s"
        exec env -u HEX_MIRROR "$0" "$@"
      fi
      """
          .formatted(HexAccess.KEY_VARIABLE);

  private final ElixirPrograms elixir;
  private final Rebar3Programs rebar3;
  private final HexArchives hex;

  MixTool(ElixirPrograms elixir, Rebar3Programs rebar3, HexArchives hex) {
    this.elixir = elixir;
    this.rebar3 = rebar3;
    this.hex = hex;
  }

  @Override
  public String name() {
    return "mix";
  }

  /** Not where Erlang's tools build and a mix.exs is a courtesy to others. */
  @Override
  public boolean fits(Checkout checkout) throws IOException {
    Set<String> names = TreeFolder.names(checkout.tree(), "");
    return names.contains(MixProjects.FILE)
        && !names.contains("rebar.config")
        && !names.contains("rebar.config.script")
        && (names.contains("lib")
            || !Makefile.of(checkout.tree()).map(Makefile::includesErlangMk).orElse(false));
  }

  @Override
  public Choice recipe(Checkout checkout) throws IOException, InterruptedException {
    if (TreeFile.read(checkout.tree(), MixProjects.FILE, 0) instanceof TreeFile.Absent) {
      return new Choice.Unbuildable("The repository has no mix.exs for mix to build.");
    }
    Optional<Elixir> found = elixir.on(checkout.otp());
    if (found.isEmpty()) {
      return new Choice.NoProgram(elixir.noneOn(checkout.otp()));
    }
    Elixir program = found.get();
    boolean fetches = MixProjects.in(checkout.tree()).mayFetch();
    Optional<Path> archive = fetches ? hex.on(program, checkout.otp()) : Optional.empty();
    Commands commands =
        new Commands(checkout, program, rebar3.on(checkout.otp()), archive.isEmpty());
    return new Choice.Chosen(
        new Recipe(
            name(),
            List.of(),
            fetches ? prepare(commands, archive) : List.of(),
            List.of(commands.mix("compile")),
            new Output.Unfetched(OUTPUT.resolve("lib"), DEPENDENCIES),
            new MixDiagnosis(program)));
  }

  private static List<Task> prepare(Commands commands, Optional<Path> archive) {
    List<Task> tasks = new ArrayList<>();
    if (archive.isPresent()) {
      tasks.add(commands.install(archive.get()));
      tasks.add(commands.nameMirror());
    }
    tasks.add(commands.mix("deps.get", "--only", "prod"));
    return tasks;
  }

  /** How its commands are written for one tree. */
  private record Commands(
      Checkout checkout, Elixir elixir, Optional<Rebar3Program> rebar3, boolean withoutHex) {
    Task mix(String... arguments) {
      List<String> all = new ArrayList<>();
      if (withoutHex) {
        all.addAll(List.of(elixir.bin() + "/elixir", "-e", WITHOUT_HEX, "--"));
      } else {
        all.add(program());
      }
      all.addAll(List.of(arguments));
      return task("mix " + String.join(" ", arguments), all, List.of());
    }

    Task install(Path archive) {
      return task(
          "mix archive.install " + archive.getFileName(),
          List.of(program(), "archive.install", "--force", archive.toString()),
          List.of(archive));
    }

    Task nameMirror() {
      return task("The Hex mirror", List.of("sh", "-c", NAME_MIRROR, program()), List.of());
    }

    private String program() {
      return elixir.bin() + "/mix";
    }

    private Task task(String title, List<String> arguments, List<Path> more) {
      List<Path> readable = new ArrayList<>(more);
      readable.add(elixir.root());
      rebar3.ifPresent(program -> readable.addAll(program.readable()));
      return new Task(
          title + " (Elixir " + elixir.version() + ")", arguments, environment(), readable);
    }

    /** The same for all: what was fetched for one environment is missed in another. */
    private Map<String, String> environment() {
      Map<String, String> all = new HashMap<>();
      all.put("PATH", checkout.otp().bin() + ":" + elixir.bin() + ":/usr/local/bin:/usr/bin:/bin");
      all.put("MIX_ENV", "prod");
      all.put("MIX_HOME", Workspace.CACHE.resolve("mix").toString());
      all.put("MIX_ARCHIVES", Workspace.CACHE.resolve("mix/archives").toString());
      all.put("HEX_HOME", Workspace.CACHE.resolve("hex").toString());
      all.put("REBAR_CACHE_DIR", Workspace.CACHE.resolve("rebar3").toString());
      all.put("MIX_DEPS_PATH", checkout.mountPoint().resolve(DEPENDENCIES).toString());
      all.put("MIX_BUILD_PATH", checkout.mountPoint().resolve(OUTPUT).toString());
      rebar3.ifPresent(program -> all.put("MIX_REBAR3", program.file().toString()));
      return all;
    }
  }
}
