package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found on machines of all kinds: a folder stands for the kernel's. */
class ControlGroupsTest {
  private static final String ME = Long.toString(ProcessHandle.current().pid());

  @TempDir Path machine;
  private Path root;

  @BeforeEach
  void boot() throws IOException {
    root = Files.createDirectories(machine.resolve("sys/fs/cgroup"));
  }

  @Test
  void aServiceWithDelegationMovesItselfIntoALeafOfItsGroup() throws Exception {
    self(
        "0::/system.slice/raccoon.service",
        mount("/", root.toString(), "cgroup2", "rw,nsdelegate"));
    Path unit = group("system.slice/raccoon.service", "cpu memory pids", ME);
    Path leaf = group("system.slice/raccoon.service/server", "", "");
    Path own = group("system.slice/raccoon.service/builds-node", "memory pids", "");

    ControlGroups groups = find();

    assertThat(groups.description()).isEqualTo("cgroup v2 at " + unit);
    assertThat(leaf.resolve("cgroup.procs")).hasContent(ME);
    assertThat(unit.resolve("cgroup.subtree_control")).hasContent("+memory +pids");
    assertThat(own.resolve("cgroup.subtree_control")).hasContent("+memory +pids");
  }

  @Test
  void aServerThatWasStartedInALeafUsesTheGroupAroundIt() throws Exception {
    self("0::/raccoon/server", mount("/", root.toString(), "cgroup2", "rw"));
    Path given = group("raccoon", "memory pids", "");
    Path leaf = group("raccoon/server", "", ME);
    group("raccoon/builds-node", "memory pids", "");

    assertThat(find().description()).isEqualTo("cgroup v2 at " + given);
    assertThat(leaf.resolve("cgroup.procs")).hasContent(ME);
  }

  @Test
  void limitsAreWrittenBeforeAProcessCanCome() throws Exception {
    self("0::/raccoon/server", mount("/", root.toString(), "cgroup2", "rw"));
    group("raccoon", "memory pids", "");
    group("raccoon/server", "", ME);
    group("raccoon/builds-node", "memory pids", "");
    Path build = group("raccoon/builds-node/b-1", "memory pids", "");

    ControlGroup group = find().open("b-1", 1000, 7);

    assertThat(build.resolve("memory.max")).hasContent("1000");
    assertThat(build.resolve("memory.swap.max")).hasContent("0");
    assertThat(build.resolve("memory.oom.group")).hasContent("1");
    assertThat(build.resolve("pids.max")).hasContent("7");
    assertThat(group.processFiles()).containsExactly(build.resolve("cgroup.procs"));
  }

  @Test
  void aGroupWithOtherProgramsInItIsLeftAlone() throws Exception {
    self("0::/user.slice/session", mount("/", root.toString(), "cgroup2", "rw"));
    Path session = group("user.slice/session", "memory pids", ME + "\n1");

    ControlGroups groups = find();

    assertThat(groups.available()).isFalse();
    assertThat(groups.description())
        .isEqualTo(
            "no cgroup: "
                + session
                + " has other programs in it; start it by bin/run as root, or as a systemd service"
                + " with Delegate=yes");
    assertThat(session.resolve("cgroup.procs")).hasContent(ME + "\n1");
  }

  @Test
  void aGroupThatWasNotGivenIsToldToTheOperator() throws Exception {
    self("0::/plain", mount("/", root.toString(), "cgroup2", "rw"));
    Path plain = group("plain", "memory pids", ME);
    Files.delete(plain.resolve("cgroup.subtree_control"));

    assertThat(find().description())
        .startsWith("no cgroup: " + plain + " was not given to the server; start it by");
    assertThatIllegalStateException().isThrownBy(() -> find().open("b", 1, 1));
  }

  @Test
  void besideAVersion2OfNoUseVersion1Counts() throws Exception {
    self(
        "4:memory:/process/x\n8:pids:/\n1:name=systemd:/\n0::/",
        mount("/", root + "/memory", "cgroup", "rw,memory"),
        mount("/", root + "/pids", "cgroup", "rw,pids"),
        mount("/", root + "/unified", "cgroup2", "rw"));
    group("unified", "", "");
    Path memory = group("memory/raccoon", "", "");
    Path processes = group("pids/raccoon", "", "");

    assertThat(find().description()).isEqualTo("cgroup v1 at " + memory + " and " + processes);
    assertThat(memory.resolve("builds-node")).isDirectory();
    assertThat(processes.resolve("builds-node")).isDirectory();
  }

  @Test
  void version1WithoutTheFolderIsNotGiven() throws Exception {
    self("4:memory,pids:/", mount("/", root + "/memory\\040pids", "cgroup", "rw,memory,pids"));

    assertThat(find().description())
        .startsWith("no cgroup: " + root + "/memory pids/raccoon was not given to the server");
  }

  /** The mount shows only the container's part of the tree. */
  @Test
  void aContainersGroupIsFoundWhereItIsMounted() throws Exception {
    self("0::/docker/c1/server", mount("/docker/c1", root.toString(), "cgroup2", "rw"));
    group(".", "memory pids", "");
    group("server", "", ME);
    group("builds-node", "memory pids", "");

    assertThat(find().description()).isEqualTo("cgroup v2 at " + root);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0::/docker/other", "0::/", ""})
  void aGroupOutsideOfTheMountIsNotFound(String own) throws Exception {
    self(own, mount("/docker/c1", root.toString(), "cgroup2", "rw"));

    assertThat(find().description())
        .isEqualTo("no cgroup: this machine mounts none with the controllers memory and pids");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "../x", "a b"})
  void aNameIsOnePlainSegment(String name) throws Exception {
    self("");

    assertThatIllegalArgumentException().isThrownBy(() -> find().open(name, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> ControlGroups.find(name, "raccoon"));
  }

  private ControlGroups find() {
    return ControlGroups.find("node", "raccoon", machine);
  }

  private void self(String groups, String... mounts) throws IOException {
    Files.writeString(machine.resolve("cgroup"), groups + "\n");
    Files.write(machine.resolve("mountinfo"), List.of(mounts));
  }

  private static String mount(String root, String point, String type, String options) {
    return "31 23 0:28 %s %s rw,relatime shared:9 - %s %s %s"
        .formatted(root, point, type, type, options);
  }

  private Path group(String path, String controllers, String processes) throws IOException {
    Path group = Files.createDirectories(root.resolve(path)).normalize();
    Files.writeString(group.resolve("cgroup.controllers"), controllers + "\n");
    Files.writeString(group.resolve("cgroup.procs"), processes);
    for (String file :
        new String[] {
          "cgroup.subtree_control", "memory.max", "memory.swap.max", "memory.oom.group", "pids.max"
        }) {
      Files.createFile(group.resolve(file));
    }
    return group;
  }
}
