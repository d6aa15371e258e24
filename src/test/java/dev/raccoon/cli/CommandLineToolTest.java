package dev.raccoon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.access.Actor;
import dev.raccoon.access.AuditStore;
import dev.raccoon.access.Authentication;
import dev.raccoon.access.Caller;
import dev.raccoon.access.NamespaceStore;
import dev.raccoon.access.Scope;
import dev.raccoon.access.TokenStore;
import dev.raccoon.admin.AdminRoutes;
import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.catalog.BulkFeedStore;
import dev.raccoon.catalog.BulkStore;
import dev.raccoon.catalog.DigestStore;
import dev.raccoon.catalog.PackageLimitStore;
import dev.raccoon.catalog.RequestStore;
import dev.raccoon.catalog.Scenario;
import dev.raccoon.config.RetentionRules;
import dev.raccoon.db.DatabaseAddress;
import dev.raccoon.db.TestDatabase;
import dev.raccoon.otp.KerlSettings;
import dev.raccoon.otp.NodeOtpStore;
import dev.raccoon.otp.OtpInstallStore;
import dev.raccoon.otp.OtpInstaller;
import dev.raccoon.queue.CancelStore;
import dev.raccoon.queue.NodeStore;
import dev.raccoon.queue.QueueControlStore;
import dev.raccoon.queue.QueueListStore;
import dev.raccoon.retention.RetentionStore;
import dev.raccoon.testing.KerlFixture;
import dev.raccoon.toolchain.OtpInventory;
import dev.raccoon.toolchain.OtpSearch;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Limit;
import dev.raccoon.value.OtpVersion;
import dev.raccoon.value.PackageName;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommandLineToolTest {
  private static final UUID NODE = UUID.randomUUID();

  private static final Actor ADA = Actor.commandLine("ada");

  private boolean serverRuns = true;
  private final TestDatabase database = TestDatabase.fresh();
  private final AdminRoutes.Records records =
      new AdminRoutes.Records(
          new TokenStore(database.database().jdbi(), Clock.systemUTC()),
          new NamespaceStore(database.database().jdbi()),
          new PackageLimitStore(database.database().jdbi()),
          new AuditStore(database.database().jdbi()),
          new AdminRoutes.QueueRecords(
              new NodeStore(database.database().jdbi()),
              new QueueControlStore(database.database().jdbi()),
              new QueueListStore(database.database().jdbi()),
              new CancelStore(database.database().jdbi())),
          new AdminRoutes.BulkRecords(
              new BulkStore(
                  database.database().jdbi(), new CancelStore(database.database().jdbi())),
              new BulkFeedStore(
                  database.database().jdbi(),
                  new RequestStore(database.database().jdbi(), Clock.systemUTC()))),
          new AdminRoutes.OtpRecords(
              new NodeOtpStore(database.database().jdbi()),
              new OtpInstallStore(database.database().jdbi())),
          new DigestStore(database.database().jdbi()),
          new RetentionStore(database.database().jdbi()));

  @AfterEach
  void close() {
    database.close();
  }

  private record Ended(int status, String out, String errors) {}

  private Ended run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter errors = new StringWriter();
    int status =
        CommandLineTool.run(
            arguments, new OpenRecords(), "ada", new PrintWriter(out), new PrintWriter(errors));
    return new Ended(status, out.toString(), errors.toString());
  }

  private final class OpenRecords implements Records {
    @Override
    public void with(Consumer<AdminRoutes.Records> work) {
      work.accept(records);
    }

    @Override
    public void database(Consumer<DatabaseAddress> work) {
      work.accept(database.address());
    }

    @Override
    public void newDatabase(Consumer<DatabaseAddress> work) {
      throw new UnsupportedOperationException("no command of this test needs one");
    }

    @Override
    public ArtifactStore artifacts() {
      throw new UnsupportedOperationException("no command of this test needs one");
    }

    @Override
    public ArtifactStore artifacts(String place) {
      throw new UnsupportedOperationException("no command of this test needs one");
    }

    @Override
    public RetentionRules retentionRules() {
      return RetentionRules.NONE;
    }

    @Override
    public Optional<UUID> node() {
      return Optional.of(NODE);
    }

    @Override
    public boolean serverRuns() {
      return serverRuns;
    }
  }

  @Test
  void aTokenIsPrintedOnceAndAlone() {
    Ended made = run("token", "create", "--scope", "build", "--namespace", "acme,Other");
    assertThat(made.status()).isZero();
    assertThat(made.errors()).isEmpty();
    assertThat(made.out()).matches("rcn_[0-9A-Za-z]{49}\n");
    Caller caller = caller(made.out().strip());
    assertThat(caller.may(Scope.BUILD, "other")).isTrue();
    assertThat(caller.may(Scope.BUILD, "third")).isFalse();

    assertThat(run("token", "list").out())
        .contains("acme,other", "build")
        .doesNotContain(made.out().strip());
  }

  @Test
  void jsonHasAllOfIt() {
    Ended made =
        run(
            "token",
            "create",
            "--scope=read",
            "--all-namespaces",
            "--until=2999-12-31",
            "--name=x y",
            "--json");
    JsonNode token = new JsonMapper().readTree(made.out());
    assertThat(token.get("until").stringValue()).isEqualTo("2999-12-31T00:00:00Z");
    assertThat(token.get("namespaces").stringValue()).isEqualTo("all");
    assertThat(token.get("name").stringValue()).isEqualTo("x y");
    assertThat(caller(token.get("token").stringValue())).isInstanceOf(Caller.Holder.class);
  }

  @Test
  void aWithdrawnTokenIsRefused() {
    String secret = run("token", "create", "--scope=read", "--all-namespaces").out().strip();
    assertThat(run("token", "withdraw", "1").status()).isZero();
    assertThat(new Authentication(records.tokens(), Clock.systemUTC()).of(List.of(secret)))
        .isInstanceOf(Authentication.Result.Refused.class);
    Ended none = run("token", "withdraw", "99");
    assertThat(none).isEqualTo(new Ended(1, "", "raccoon: There is no token 99.\n"));
  }

  @Test
  void namespacesAndLimitsAndWhatWasDoneToThem() {
    assertThat(run("namespace", "private", "Acme").status()).isZero();
    assertThat(run("namespace", "list").out()).contains("acme", "true");
    assertThat(run("namespace", "public", "acme").status()).isZero();
    assertThat(run("namespace", "list", "--json").out())
        .isEqualTo("[{\"namespace\":\"acme\",\"private\":false,\"packages\":0}]\n");

    assertThat(run("limits", "set", "acme/demo", "memory=4GiB", "time=30m").out())
        .isEqualTo("memory=4294967296\ntime=1800000\n");
    assertThat(run("limits", "remove", "acme/demo", "time").out()).isEqualTo("memory=4294967296\n");
    assertThat(records.limits().of(new PackageName("ACME", "Demo")))
        .isEqualTo(Map.of(Limit.MEMORY, 4L << 30));
    assertThat(run("limits", "remove", "acme/demo").out()).isEmpty();
    assertThat(run("limits", "show", "acme/demo", "--json").out())
        .isEqualTo("{\"full_name\":\"acme/demo\",\"limits\":{}}\n");

    assertThat(run("audit").out())
        .contains("command line as ada", "namespace.private", "limits.set", "limits.remove");
    assertThat(run("audit", "--limit=1", "--json").out()).contains("limits.remove");
  }

  @Test
  void whatTheServerIsAskedToInstallIsShownToItsEnd(@TempDir Path folder) throws Exception {
    KerlFixture kerl = new KerlFixture(folder);
    OtpInventory inventory =
        new OtpInventory(
            new OtpSearch(List.of(), List.of(), List.of(), Optional.of(kerl.base())),
            Clock.systemUTC());
    KerlSettings settings =
        new KerlSettings(
            Optional.of(kerl.program()), List.of(), kerl.base(), folder.resolve("installations"));
    try (OtpInstaller installer =
        new OtpInstaller(NODE, records.otp().installs(), inventory, settings, () -> {})) {
      serverRuns = false;
      Ended later = run("otp", "install", "25.99");
      assertThat(later.status()).isEqualTo(1);
      assertThat(later.errors())
          .isEqualTo(
              "raccoon: The server does not run: it installs OTP 25.99 when it is started (raccoon otp log 1).\n");

      serverRuns = true;
      installer.start();
      Ended good = run("otp", "install", "25.99");
      assertThat(good.status()).as(good.errors()).isZero();
      assertThat(good.out())
          .contains("checking for gcc... gcc\n")
          .endsWith("OTP 25.99 is there.\n");
      assertThat(run("otp", "log", "1").out()).isEqualTo(good.out());

      long id = records.otp().installs().ask(NODE, new OtpVersion("25.1"), ADA).id();
      installer.wake();
      Ended bad = run("otp", "log", String.valueOf(id), "--follow");
      assertThat(bad.status()).isEqualTo(1);
      assertThat(bad.errors()).contains("'25.1' is not a valid Erlang/OTP release.");
    }
    assertThat(run("otp", "installs").out()).contains("SUCCEEDED", "FAILED", "25.99", "25.1");
    assertThat(run("otp", "log", "99").errors())
        .isEqualTo("raccoon: There is no installation 99.\n");
    assertThat(run("otp", "list", "--json").out()).isEqualTo("[]\n");
  }

  @Test
  void nodesAreShownDrainedAndResumedByIdOrByName() {
    node(NODE, "builder", "now()");
    node(UUID.randomUUID(), "twin", "now() - interval '1 h'");
    node(UUID.randomUUID(), "twin", "now() - interval '2 h'");
    assertThat(run("node", "list").out().lines().skip(1).findFirst().orElseThrow())
        .matches("builder +true +false +2 +0 +26.2,25.3 +test +\\S+ +" + NODE);

    assertThat(run("node", "drain", "builder").out())
        .isEqualTo("builder takes no more builds. It runs 0 now.\n");
    Ended drained = run("node", "drain", NODE.toString(), "--json");
    assertThat(new JsonMapper().readTree(drained.out()).get("draining").booleanValue()).isTrue();
    assertThat(run("node", "resume", "builder").out()).isEqualTo("builder takes builds.\n");
    assertThat(run("node", "drain", "nobody"))
        .isEqualTo(new Ended(1, "", "raccoon: There is no node nobody.\n"));
    assertThat(run("node", "drain", "twin").errors())
        .isEqualTo("raccoon: Several nodes are named twin: name one by its id.\n");
    assertThat(run("audit").out()).contains("node.drain", "node.resume");
  }

  private void node(UUID id, String name, String seen) {
    database
        .database()
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "insert into node (id, name, processor, program, slots, otp, seen_at) values"
                    + " (?, ?, 'x86_64', 'test', 2, '{25.3,26.2}', "
                    + seen
                    + ")",
                id,
                name));
  }

  @Test
  void theQueueIsShownPausedResumedAndBuildsAreCancelled() {
    Scenario scenario = new Scenario(database);
    node(NODE, "builder", "now()");
    BuildId runs = scenario.queued("1.0.0");
    scenario.claim();
    BuildId waits = scenario.queued("1.0.1");

    Ended list = run("queue", "list");
    assertThat(list.errors()).isEqualTo("raccoon: 1 run, 1 wait.\n");
    assertThat(list.out().lines().skip(1))
        .satisfiesExactly(
            line -> assertThat(line).startsWith(runs + "  RUNNING  acme/demo  1.0.0  25"),
            line -> assertThat(line).startsWith(waits + "  QUEUED   acme/demo  1.0.1  25"));

    assertThat(run("queue", "pause").out())
        .isEqualTo("1 run, 1 wait. Paused by command line as ada: nothing begins.\n");
    JsonNode whole = new JsonMapper().readTree(run("queue", "list", "--json").out());
    assertThat(whole.get("paused").booleanValue()).isTrue();
    assertThat(whole.get("builds")).hasSize(2);
    assertThat(run("queue", "resume").out()).isEqualTo("1 run, 1 wait.\n");

    Ended cancelled = run("queue", "cancel", waits.toString(), runs.toString());
    assertThat(cancelled.status()).isZero();
    assertThat(cancelled.out())
        .isEqualTo(
            waits + "  The build is cancelled.\n" + runs + "  The build is being stopped.\n");
    Ended again = run("queue", "cancel", waits.toString(), NODE.toString(), "--json");
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.out())
        .contains("The build had ended before.", "There is no such build or request.");
    String request = scenario.find(scenario.queued("1.0.2")).request().toString();
    assertThat(run("queue", "cancel", request).out())
        .isEqualTo(request + "  1 build is cancelled.\n");
    assertThat(run("audit").out()).contains("queue.pause", "queue.resume", "build.cancel");
  }

  @Test
  void manyVersionsAreBuiltAgainAndThatIsListedAndCancelled() {
    Scenario scenario = new Scenario(database);
    scenario.good(Scenario.DEMO, Scenario.tag("1.0.0", 1, "25.3"));
    scenario.good(Scenario.DEMO, Scenario.tag("1.0.1", 2, "27.1"));

    Ended dry = run("rebuild", "--otp", "27", "--all", "--dry-run");
    assertThat(dry.out()).isEqualTo("acme/demo 1.0.0\n");
    assertThat(dry.errors()).isEqualTo("raccoon: 1 would be built; 1 are built well already.\n");
    assertThat(run("rebuild", "list", "--json").out()).as("it was dry").isEqualTo("[]\n");

    Ended asked = run("rebuild", "--otp=27", "--namespace", "Acme,other", "--failed", "compile");
    assertThat(asked.out())
        .isEqualTo(
            "Rebuild 1 is recorded: servers that run put it into the queue as there is room"
                + " (raccoon rebuild list).\n");
    assertThat(asked.errors())
        .isEqualTo("raccoon: It waits for now. No node that is up takes builds.\n");
    JsonNode listed = new JsonMapper().readTree(run("rebuild", "list", "--json").out()).get(0);
    assertThat(listed.get("namespaces")).hasSize(2);
    assertThat(listed.get("failed").get(0).stringValue()).isEqualTo("COMPILE");
    assertThat(run("rebuild", "list").out()).contains("QUEUEING", "acme,other");

    assertThat(run("rebuild", "cancel", "1").out()).isEqualTo("Rebuild 1 is cancelled.\n");
    assertThat(run("rebuild", "list").out()).contains("CANCELLED");
    assertThat(run("rebuild", "cancel", "9"))
        .isEqualTo(new Ended(1, "", "raccoon: There is no rebuild 9.\n"));
    assertThat(run("audit").out()).contains("bulk.ask", "bulk.cancel", "failed: COMPILE");
  }

  @Test
  void aListThatIsCutSaysSo() {
    run("namespace", "private", "acme");
    run("namespace", "private", "other");
    assertThat(run("audit", "--limit=1", "--json").errors())
        .isEqualTo("raccoon: There are more: only the first 1 are shown.\n");
    assertThat(run("audit", "--limit=2").errors()).isEmpty();
    assertThat(run("audit", "--limit=2147483647").errors()).isEmpty();

    run("token", "create", "--scope=read", "--all-namespaces");
    String more =
        """
        insert into token (name, scope, digest, created_at)
        select '', 'READ', encode(sha256(cast(n as text)::bytea), 'hex'), now()
        from generate_series(1, 10000) n
        """;
    database.database().jdbi().useHandle(handle -> handle.execute(more));
    Ended tokens = run("token", "list");
    assertThat(tokens.out()).hasLineCount(10_001);
    assertThat(tokens.errors()).contains("only the first 10000 are shown");
  }

  @Test
  void whatIsShownSteersNoTerminal() {
    String text = "a\u001b[2J\u202eb";
    database
        .database()
        .jdbi()
        .useHandle(
            handle -> AuditStore.write(handle, new Actor(text, Optional.empty()), "x", "y", ""));
    assertThat(run("audit").out()).contains("a\\u001b[2J\\u202eb").doesNotContain("\u001b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token",
        "token create",
        "token create --scope build",
        "token create --scope root --all-namespaces",
        "token create --scope read --all-namespaces --namespace acme",
        "token create --scope read --namespace a/b",
        "token create --scope read --all-namespaces --until yesterday",
        "token create --scope read --all-namespaces --until 2020-01-01",
        "token withdraw x",
        "token nothing",
        "namespace private",
        "namespace private builds",
        "limits set acme/demo",
        "limits set acme/demo memory=1",
        "limits set acme/demo speed=1",
        "limits set acme memory=1GiB",
        "limits remove acme/demo speed",
        "otp install",
        "otp install latest",
        "otp log x",
        "retention --dry-run --apply",
        "backup",
        "backup here.tar.gz",
        "restore here.tar.gz",
        "node drain",
        "rebuild",
        "rebuild --otp 27",
        "rebuild --all",
        "rebuild --otp x --all",
        "rebuild --otp 27 --all --namespace acme",
        "rebuild --otp 27 --failed SADLY",
        "rebuild cancel",
        "queue cancel",
        "queue cancel x",
        "audit --limit x"
      })
  void whatIsWrittenWrongIsStatusTwoAndASentence(String arguments) {
    Ended ended = run(arguments.split(" "));
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.errors()).isNotEmpty().doesNotContain("Exception", "\tat ");
    assertThat(records.tokens().page(Long.MAX_VALUE, 10)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token --help",
        "token create --help",
        "limits set --help",
        "otp install --help",
        "retention --help",
        "backup --help",
        "restore --help",
        "rebuild --help",
        "rebuild cancel --help",
        "audit --help"
      })
  void helpIsStatusNought(String arguments) {
    Ended ended = run(arguments.split(" "));
    assertThat(ended.status()).isZero();
    assertThat(ended.out()).contains("Usage: raccoon " + arguments.replace(" --help", ""));
  }

  private Caller caller(String secret) {
    Authentication.Result result =
        new Authentication(records.tokens(), Clock.systemUTC()).of(List.of(secret));
    return ((Authentication.Result.Known) result).caller();
  }
}
