package dev.raccoon.tool;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Chooses the tool by which a tree is built. Thread-safe. */
public final class BuildTools {
  private final List<BuildTool> tools;
  private final Rebar2 rebar2 = new Rebar2();

  /** Chooses the first of {@code tools} that a tree is laid out for. */
  private BuildTools(List<BuildTool> tools) {
    this.tools = List.copyOf(tools);
  }

  /** All that Raccoon knows, with the operator's programs. */
  public static BuildTools of(Rebar3Programs rebar3, ElixirPrograms elixir, HexArchives hex) {
    Rebar3 byRebar3 = new Rebar3(rebar3);
    CalledPrograms called = new CalledPrograms(rebar3, elixir);
    return new BuildTools(
        List.of(
            new Coon(byRebar3),
            new MixTool(elixir, rebar3, hex),
            byRebar3,
            new ErlangMk(rebar3, called),
            new Make(called),
            new Plain(byRebar3)));
  }

  /**
   * How {@code checkout} is built: by the tool that its {@code raccoon.yaml} names, whatever the
   * tree looks like, and with what else that says.
   */
  public Choice choose(Checkout checkout) throws IOException, InterruptedException {
    Optional<String> named = checkout.config().projectSettings().buildTool();
    return switch (named.isPresent() ? byName(named.get(), checkout) : byTree(checkout)) {
      case Choice.Chosen(Recipe recipe) ->
          new Choice.Chosen(ProjectCommands.around(recipe, checkout.config().projectSettings()));
      case Choice.NoProgram none -> none;
      case Choice.Unbuildable unbuildable -> unbuildable;
    };
  }

  private Choice byName(String name, Checkout checkout) throws IOException, InterruptedException {
    for (BuildTool tool : tools) {
      if (tool.name().equals(name)) {
        return tool.recipe(checkout);
      }
    }
    if (rebar2.name().equals(name)) {
      return rebar2.recipe(checkout);
    }
    return new Choice.NoProgram(
        "raccoon.yaml asks for " + name + ", by which this server does not build.");
  }

  private Choice byTree(Checkout checkout) throws IOException, InterruptedException {
    Optional<BuildTool> tool = fitting(checkout);
    if (tool.isEmpty()) {
      return new Choice.Unbuildable(
          "The repository holds no Erlang code that can be built: it has no rebar.config, no mix.exs, no"
              + " Makefile for Erlang, and no src/*.erl or src/*.app.src.");
    }
    Choice choice = tool.get().recipe(checkout);
    return choice instanceof Choice.NoProgram
            && tool.get() instanceof Rebar3
            && rebar2.fits(checkout)
        ? rebar2.recipe(checkout)
        : choice;
  }

  /** The tool that the tree is laid out for. */
  Optional<BuildTool> fitting(Checkout checkout) throws IOException {
    for (BuildTool tool : tools) {
      if (tool.fits(checkout)) {
        return Optional.of(tool);
      }
    }
    return Optional.empty();
  }
}
