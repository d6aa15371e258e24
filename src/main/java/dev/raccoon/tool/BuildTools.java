package dev.raccoon.tool;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Chooses the tool by which a tree is built. Thread-safe. */
public final class BuildTools {
  private final List<BuildTool> tools;

  /** Chooses the first of {@code tools} that a tree is laid out for. */
  private BuildTools(List<BuildTool> tools) {
    this.tools = List.copyOf(tools);
  }

  /** All that Raccoon knows, with the operator's programs. */
  public static BuildTools of(Rebar3Programs rebar3, ElixirPrograms elixir, HexArchives hex) {
    Rebar3 tool = new Rebar3(rebar3);
    return new BuildTools(
        List.of(
            new MixTool(elixir, rebar3, hex),
            tool,
            new ErlangMk(rebar3),
            new Make(),
            new Plain(tool)));
  }

  /** How {@code checkout} is built. */
  public Choice choose(Checkout checkout) throws IOException, InterruptedException {
    Optional<BuildTool> tool = fitting(checkout);
    return tool.isPresent()
        ? tool.get().recipe(checkout)
        : new Choice.Unbuildable(
            "The repository holds no Erlang code that can be built: it has no rebar.config, no mix.exs, no"
                + " Makefile for Erlang, and no src/*.erl or src/*.app.src.");
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
