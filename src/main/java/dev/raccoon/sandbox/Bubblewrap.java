package dev.raccoon.sandbox;

import dev.raccoon.value.BuildLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * bubblewrap's command line: name spaces of its own (users, processes, mounts, network, IPC, host
 * name) without a way to further ones, no capabilities, a filter of system calls; {@code /usr} and
 * what a command names to read; a few folders of a {@link MemoryFolder} to write.
 *
 * @param program its name or path
 * @param systemFolders the arguments that show the machine's programs and libraries
 * @param withWayOut variables of commands that have a way out
 */
record Bubblewrap(String program, List<String> systemFolders, Map<String, String> withWayOut) {
  /**
   * Host name, user and home are constant: a build that writes them down still gives the same bytes
   * anywhere.
   */
  private static final List<String> NAME_SPACES =
      List.of(
          "--unshare-user",
          "--unshare-pid",
          "--unshare-net",
          "--unshare-ipc",
          "--unshare-uts",
          "--unshare-cgroup-try",
          "--disable-userns",
          "--cap-drop",
          "ALL",
          "--die-with-parent",
          "--as-pid-1",
          "--new-session",
          "--hostname",
          "raccoon",
          "--uid",
          "1000",
          "--gid",
          "1000",
          "--clearenv",
          "--info-fd",
          LaunchScript.INFO_DESCRIPTOR,
          "--seccomp",
          LaunchScript.FILTER_DESCRIPTOR);

  /**
   * The whole command line. The order counts: each is mounted on what those before it have made.
   *
   * @param own the folder of {@code memory} that is this command's alone
   */
  List<String> running(
      SandboxCommand command,
      Path mountPoint,
      MemoryFolder memory,
      String own,
      BuildLimits limits) {
    List<String> all = new ArrayList<>(List.of(program));
    all.addAll(NAME_SPACES);
    all.addAll(systemFolders);
    all.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
    for (OwnFolder folder : OwnFolder.values()) {
      bind(all, memory.inside(own).resolve(folder.name), Path.of(folder.mountPoint));
    }
    readable(all, command, memory);
    bind(all, memory.inside("tree"), mountPoint);
    bind(all, memory.inside("cache"), Workspace.CACHE);
    command.wayOut().ifPresent(socket -> wayOut(all, socket));
    all.addAll(List.of("--remount-ro", "/dev", "--remount-ro", "/"));
    all.addAll(List.of("--chdir", mountPoint.toString(), "--setenv", "HOME", HomeFolder.PATH));
    command.environment().forEach((name, value) -> all.addAll(List.of("--setenv", name, value)));
    all.add("--");
    all.addAll(FirstProcess.inSandbox(command, limits));
    return all;
  }

  private static void readable(List<String> all, SandboxCommand command, MemoryFolder memory) {
    all.addAll(List.of("--ro-bind", memory.inside("etc").toString(), "/etc"));
    for (String ofMachine : EtcFolder.OF_MACHINE) {
      all.addAll(List.of("--ro-bind-try", ofMachine, ofMachine));
    }
    for (Path path : command.readable()) {
      all.addAll(List.of("--ro-bind", path.toString(), path.toString()));
    }
  }

  private static void bind(List<String> all, Path folder, Path mountPoint) {
    all.addAll(List.of("--bind", folder.toString(), mountPoint.toString()));
  }

  private void wayOut(List<String> all, Path socket) {
    all.addAll(List.of("--ro-bind", socket.toString(), FirstProcess.WAY_OUT));
    // Programs disagree about the letters' case; rebar3 reads the lower one only.
    for (String name : List.of("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")) {
      all.addAll(List.of("--setenv", name, FirstProcess.PROXY));
    }
    withWayOut.forEach((name, value) -> all.addAll(List.of("--setenv", name, value)));
  }

  /** The folders that each command gets for its own, empty. */
  enum OwnFolder {
    HOME("home", HomeFolder.PATH),
    TMP("tmp", "/tmp"),
    SHM("shm", "/dev/shm");

    final String name;
    final String mountPoint;

    OwnFolder(String name, String mountPoint) {
      this.name = name;
      this.mountPoint = mountPoint;
    }
  }
}
