package dev.raccoon.cli;

import dev.raccoon.access.Scope;
import dev.raccoon.access.Token;
import dev.raccoon.access.TokenStore;
import dev.raccoon.admin.AdminRows;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.Namespaces;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code raccoon token …}. */
@Command(
    name = "token",
    description = "Makes, lists and withdraws tokens.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class TokenCommands {
  private static final int MOST = 10_000;
  private static final List<String> COLUMNS =
      List.of(
          "id",
          "scope",
          "namespaces",
          "name",
          "created_date",
          "until",
          "last_used_date",
          "withdrawn_date");

  private final Session session;

  TokenCommands(Session session) {
    this.session = session;
  }

  /** For which namespaces. */
  static final class Among {
    @Option(
        names = "--namespace",
        paramLabel = "NAME",
        split = ",",
        description = "A namespace that it is for; may be given several times.")
    private List<String> names = new ArrayList<>();

    @Option(
        names = "--all-namespaces",
        description = "It is for all namespaces, those to come too.")
    private boolean all;

    Namespaces namespaces() {
      return all ? Namespaces.ALL : Namespaces.of(names);
    }
  }

  @Command(
      name = "create",
      description = "Makes a token and prints it, this once: only its digest is kept.",
      mixinStandardHelpOptions = true)
  int create(
      @Option(
              names = "--scope",
              required = true,
              paramLabel = "read|build|administer",
              description = "What it is for; build includes read, administer includes both.")
          String scope,
      @ArgGroup(exclusive = true, multiplicity = "1") Among among,
      @Option(
              names = "--until",
              paramLabel = "DATE",
              description =
                  "When it ends: at the beginning of a day (2027-01-01, UTC), or at a time"
                      + " (2027-01-01T12:00:00Z).")
          @Nullable String until,
      @Option(names = "--name", paramLabel = "NOTE", description = "What people know it by.")
          @Nullable String name,
      @Option(names = "--json", description = "Print the token with all that is known of it.")
          boolean json) {
    Token.Terms terms =
        new Token.Terms(
            Optional.ofNullable(name).orElse(""),
            scope(scope),
            among.namespaces(),
            Optional.ofNullable(until).map(Token.Terms::end));
    session.with(records -> {
      TokenStore.Made made = records.tokens().create(terms, session.actor());
      if (json) {
        Map<String, @Nullable Object> row = AdminRows.token(made.token());
        row.put("token", made.secret().reveal());
        session.json(row);
      } else {
        session.out().println(made.secret().reveal());
      }
    });
    return 0;
  }

  @Command(
      name = "list",
      description = "Lists tokens, newest first, without their secrets.",
      mixinStandardHelpOptions = true)
  int list(@Option(names = "--json", description = "Print a JSON list.") boolean json) {
    session.with(records -> {
      List<Map<String, @Nullable Object>> rows =
          records.tokens().page(Long.MAX_VALUE, MOST + 1).stream().map(AdminRows::token).toList();
      session.list(rows, MOST, json, COLUMNS);
    });
    return 0;
  }

  @Command(
      name = "withdraw",
      description = "Withdraws a token: it is refused from now on.",
      mixinStandardHelpOptions = true)
  int withdraw(@Parameters(paramLabel = "ID", description = "As the list has it.") long id) {
    session.with(records -> {
      if (records.tokens().withdraw(id, session.actor()).isEmpty()) {
        throw new NotThereException("There is no token " + id + ".");
      }
    });
    return 0;
  }

  private static Scope scope(String raw) {
    return Scope.of(raw)
        .orElseThrow(
            () -> new InvalidValueException("The scope must be read, build or administer."));
  }
}
