package dev.raccoon.sandbox;

import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.Limit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The first process of a sandbox: a shell that says that it has come up, runs the command, collects
 * orphans and ends with the command's status. Its end takes all others of the name space with it,
 * before bwrap itself ends. Its limits are every process's in the sandbox.
 *
 * <p>What it says goes before anything that the command prints, so the command cannot say it in its
 * place: without it, the sandbox could not be made, and what was printed is bwrap's complaint.
 */
final class FirstProcess extends OutputStream {
  /** Where a sandbox with a way out has its socket. */
  static final String WAY_OUT = "/run/egress.sock";

  /** What programs in the sandbox are told to use as their proxy: the other end of that socket. */
  static final String PROXY = "http://127.0.0.1:3128";

  private static final String MARK = "sandbox is up\n";

  private static final String START = "umask 022; ";

  /** Waits until the relay listens: what comes first may connect at once. 0C38 is 3128. */
  private static final String RELAY =
      """
      socat TCP-LISTEN:3128,bind=127.0.0.1,fork,reuseaddr UNIX-CONNECT:%s </dev/null >/dev/null 2>&1 &
      until grep -q '0100007F:0C38 ' /proc/net/tcp; do kill -0 $! || exit 1; done
      """
          .formatted(WAY_OUT);

  /**
   * The command is in the shell's parameters; the shell never reads it as its own language. Nothing
   * is begun where nobody listens: a server that dies while bwrap works kills only what bwrap has
   * told to die with it, and that it tells its child last of all.
   */
  private static final String RUN = "echo 'sandbox is up' || exit; \"$@\"; exit";

  /** bwrap complains in a line or two. */
  private static final int MAX_COMPLAINT_BYTES = 8 * 1024;

  private final OutputStream log;
  private final ByteArrayOutputStream before = new ByteArrayOutputStream();
  private boolean up;

  /** Listens to one; what its command prints goes on to {@code log}. */
  FirstProcess(OutputStream log) {
    this.log = log;
  }

  /** The program that runs {@code command} in a sandbox, within {@code limits}. */
  static List<String> inSandbox(SandboxCommand command, BuildLimits limits) {
    // The number of processes is that of the name space that it is set in.
    long processes = Math.min(limits.amount(Limit.PROCESSES), HardLimits.OURS.processes());
    List<String> all = limited(limits, "--nproc=" + processes);
    all.add(START + (command.wayOut().isPresent() ? RELAY : "") + RUN);
    return withArguments(all, command);
  }

  /** The same without a sandbox, where all processes of this user count. */
  static List<String> bare(SandboxCommand command, BuildLimits limits) {
    List<String> all = limited(limits);
    all.add(START + RUN);
    return withArguments(all, command);
  }

  private static List<String> limited(BuildLimits limits, String... more) {
    List<String> all = new ArrayList<>(List.of("prlimit", "--core=0"));
    all.add("--nofile=" + Math.min(limits.amount(Limit.OPEN_FILES), HardLimits.OURS.openFiles()));
    all.add("--fsize=" + limits.amount(Limit.DISK));
    all.addAll(List.of(more));
    all.addAll(List.of("--", "/bin/sh", "-c"));
    return all;
  }

  private static List<String> withArguments(List<String> shell, SandboxCommand command) {
    shell.add("sh");
    shell.addAll(command.arguments());
    return shell;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (up) {
      log.write(bytes, offset, length);
      return;
    }
    before.write(bytes, offset, length);
    String printed = before.toString(StandardCharsets.ISO_8859_1);
    int mark = printed.indexOf(MARK);
    if (mark >= 0) {
      up = true;
      byte[] all = before.toByteArray();
      before.reset();
      int rest = mark + MARK.length();
      log.write(all, 0, mark);
      log.write(all, rest, all.length - rest);
    } else if (before.size() > MAX_COMPLAINT_BYTES) {
      throw new IOException("bwrap printed more than a complaint");
    }
  }

  /** Whether the command was begun. */
  boolean isUp() {
    return up;
  }

  /** What bwrap said instead. */
  String complaint() {
    return before.toString(StandardCharsets.UTF_8).strip();
  }
}
