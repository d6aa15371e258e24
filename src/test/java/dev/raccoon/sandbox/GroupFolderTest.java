package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Groups of cgroup v2 without limits, which a machine with v1 has as well. */
@Timeout(120)
class GroupFolderTest {
  @TempDir Path folder;

  @Test
  void whatForksForEverIsGoneWithAllGroupsBelow() throws Exception {
    Path mine = ownV2();
    GroupFolder group = GroupFolder.make(mine.resolve("raccoon-test-" + UUID.randomUUID()));
    GroupFolder below = GroupFolder.make(group.path().resolve("below"));
    Process bomb =
        start(below, "$| = 1; $SIG{TERM} = 'IGNORE'; print 'x'; while (1) { fork and exit }");
    Process idle = start(group, "$| = 1; print 'x'; <STDIN>");
    assertThat(idle.getInputStream().read()).isEqualTo('x');
    assertThat(bomb.getInputStream().read()).isEqualTo('x');

    group.remove();

    assertThat(group.path()).doesNotExist();
    assertThat(idle.waitFor()).isEqualTo(137);
    assertThat(bomb.getInputStream().readAllBytes()).isNotNull(); // its end: all have closed it
  }

  @Test
  void aGroupThatIsGoneHasNoProcessesAndIsRemovedAlready() throws Exception {
    GroupFolder gone = new GroupFolder(folder.resolve("gone"));

    gone.remove();

    assertThat(gone.processes()).isEmpty();
    assertThat(gone.children()).isEmpty();
  }

  private static Process start(GroupFolder group, String program) throws IOException {
    return new ProcessBuilder(
            "sh",
            "-c",
            "echo $$ >\"$1\" && exec perl -e \"$2\"",
            "sh",
            group.processFile().toString(),
            program)
        .start();
  }

  private static Path ownV2() throws IOException {
    Optional<Path> own = ControlGroupMounts.read(Path.of("/proc/self")).ownV2();
    assumeTrue(
        own.isPresent()
            && Files.isWritable(own.get())
            && Files.isWritable(own.get().resolve("cgroup.procs")),
        "this user may make no group of cgroup v2");
    return own.get();
  }
}
