package dev.raccoon.tool;

import dev.raccoon.value.Ref;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Modules in {@code src} and nothing that says how to build them: Raccoon lays a source of an
 * application's resource file beside them, and has rebar3 do the rest.
 */
final class Plain implements BuildTool {
  private static final Pattern NOT_OF_ATOM = Pattern.compile("[^a-z0-9_]");
  private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._+-]*");

  private final Rebar3 rebar3;

  Plain(Rebar3 rebar3) {
    this.rebar3 = rebar3;
  }

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public boolean fits(Checkout checkout) throws IOException {
    return Layout.of(checkout.tree()).hasModules();
  }

  @Override
  public Choice recipe(Checkout checkout) throws IOException, InterruptedException {
    Recipe.LaidFile laid = applicationSource(checkout);
    return switch (rebar3.recipe(checkout)) {
      case Choice.NoProgram missing -> missing;
      case Choice.Unbuildable unbuildable -> unbuildable;
      case Choice.Chosen(Recipe recipe) ->
          new Choice.Chosen(
              new Recipe(
                  recipe.tool(),
                  List.of(laid),
                  recipe.prepare(),
                  recipe.compile().stream().map(task -> telling(task, laid)).toList(),
                  recipe.output(),
                  recipe.diagnosis()));
    };
  }

  private static Recipe.LaidFile applicationSource(Checkout checkout) {
    String name = applicationName(checkout.name().name());
    String text =
        """
        {application, '%s', [
          {description, ""},
          {vsn, "%s"},
          {registered, []},
          {applications, [kernel, stdlib]}
        ]}.
        """
            .formatted(name, version(checkout.ref()));
    return new Recipe.LaidFile("src/" + name + ".app.src", text);
  }

  /** Its title is what people see of this. */
  private static Task telling(Task task, Recipe.LaidFile laid) {
    return new Task(
        task.title() + " (" + laid.path() + " is Raccoon's)",
        task.arguments(),
        task.environment(),
        task.readable());
  }

  /** The repository's name as Erlang's unquoted atom. */
  static String applicationName(String repository) {
    String text = repository.toLowerCase(Locale.ROOT);
    String name = NOT_OF_ATOM.matcher(text).replaceAll("_");
    return Character.isLetter(name.charAt(0)) ? name : "app_" + name;
  }

  /** What a tag says, without the v before it; 0 for what is no version. */
  static String version(Ref ref) {
    String text = ref.toString();
    boolean marked =
        text.length() > 1 && text.charAt(0) == 'v' && Character.isDigit(text.charAt(1));
    String version = marked ? text.substring(1) : text;
    return VERSION.matcher(version).matches() && !ref.isCommit() ? version : "0";
  }
}
