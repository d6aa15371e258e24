package dev.raccoon.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The first process of a sandbox: a shell that says that it has come up, runs the command, collects
 * orphans and ends with the command's status. Its end takes all others of the name space with it,
 * before bwrap itself ends.
 *
 * <p>What it says goes before anything that the command prints, so the command cannot say it in its
 * place: without it, the sandbox could not be made, and what was printed is bwrap's complaint.
 */
final class FirstProcess extends OutputStream {
  private static final String MARK = "sandbox is up\n";

  /** The command is in the shell's parameters; the shell never reads it as its own language. */
  private static final List<String> SHELL =
      List.of("/bin/sh", "-c", "umask 022; echo 'sandbox is up'; \"$@\"; exit", "sh");

  /** bwrap complains in a line or two. */
  private static final int MAX_COMPLAINT_BYTES = 8 * 1024;

  private final OutputStream log;
  private final ByteArrayOutputStream before = new ByteArrayOutputStream();
  private boolean up;

  /** Listens to one; what its command prints goes on to {@code log}. */
  FirstProcess(OutputStream log) {
    this.log = log;
  }

  static List<String> running(List<String> command) {
    List<String> all = new ArrayList<>(SHELL);
    all.addAll(command);
    return all;
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
