package dev.raccoon.tool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * rebar 2, by the program that a repository brings along as {@code ./rebar}. rebar3 builds such
 * projects as well and better: this is for an OTP on which no rebar3 runs, and for whoever asks.
 */
final class Rebar2 implements BuildTool {
  private static final String PROGRAM = "rebar";

  @Override
  public String name() {
    return PROGRAM;
  }

  @Override
  public boolean fits(Checkout checkout) throws IOException {
    return Layout.of(checkout.tree()).has(PROGRAM);
  }

  @Override
  public Choice recipe(Checkout checkout) throws IOException {
    if (!fits(checkout)) {
      return new Choice.Unbuildable("The repository does not bring rebar 2 along, as ./rebar.");
    }
    List<Task> prepare = new ArrayList<>();
    if (checkout.config().fetches()) {
      prepare.add(task("get-deps"));
    }
    return new Choice.Chosen(
        new Recipe(
            name(),
            List.of(),
            prepare,
            List.of(task("compile")),
            Output.InPlace.of(checkout.tree()),
            new Rebar2Diagnosis()));
  }

  /** By escript itself: not everybody lets git record that it can be run. */
  private static Task task(String command) {
    return new Task(
        "./rebar " + command, List.of("escript", "./" + PROGRAM, command), Map.of(), List.of());
  }
}
