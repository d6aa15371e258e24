package dev.raccoon.tool;

import java.io.IOException;
import java.util.List;

/** Chooses the tool by which a tree is built. Thread-safe. */
public final class BuildTools {
  private final List<BuildTool> tools;

  /** Chooses the first of {@code tools} that a tree is laid out for, else the last. */
  private BuildTools(List<BuildTool> tools) {
    this.tools = List.copyOf(tools);
  }

  /** All that Raccoon knows, with the operator's programs. */
  public static BuildTools of(Rebar3Programs rebar3) {
    return new BuildTools(List.of(new Rebar3(rebar3)));
  }

  /** How {@code checkout} is built. */
  public Choice choose(Checkout checkout) throws IOException, InterruptedException {
    for (BuildTool tool : tools) {
      if (tool.fits(checkout)) {
        return tool.recipe(checkout);
      }
    }
    return tools.getLast().recipe(checkout);
  }
}
