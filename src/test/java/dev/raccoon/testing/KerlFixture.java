package dev.raccoon.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * A kerl that does what kerl 4.4 does with its lists, folders, locks, logs, exit codes and the
 * terminal, and for Erlang/OTP takes that of the machine under another version's name. It knows the
 * releases 25.98 and 25.99, and 25.97 after an update.
 */
public final class KerlFixture {
  private static final String SCRIPT =
      """
      #!/bin/sh
      base=${KERL_BASE_DIR:?}
      tell() { if [ -t 1 ]; then echo "$*" 1>&2; fi; }
      fail() { tell "ERROR: $1"; exit 1; }
      mkdir -p "$base" || exit 1
      case $1 in
      version) echo 4.4.0 ;;
      update)
        printf '25.97\\n25.98\\n25.99\\n' > "$base/otp_releases" ;;
      list) cat "$base/otp_$2" 2>/dev/null || tell "There are no $2 available." ;;
      build)
        [ -f "$base/otp_releases" ] || printf '25.98\\n25.99\\n' > "$base/otp_releases"
        grep -qxF "$2" "$base/otp_releases" || fail "'$2' is not a valid Erlang/OTP release."
        grep -qF ",$3" "$base/otp_builds" 2>/dev/null && fail "there's already a build named '$3'."
        folder=$base/builds/$3
        [ ! -f "$folder/build.lock" ] || fail "trying to build in $folder, but lock file ($folder/build.lock) exists!"
        mkdir -p "$folder/otp_src_$2" && touch "$folder/build.lock"
        tell "Building (normal) Erlang/OTP $2 ($3); please wait..."
        log=$folder/otp_build_$2.log
        echo "*** $(date) - kerl build $2 ***" > "$log"
        echo "checking for gcc... gcc" >> "$log"
        if [ -e "$base/broken" ]; then
          echo "configure: error: No curses library functions found" >> "$log"
          tell "ERROR: configure failed."
          if [ -t 1 ]; then tail "$log" 1>&2; fi
          tell "Please see $log for full details."
          rm -f "$folder/build.lock"
          exit 1
        fi
        while [ -e "$base/hold" ]; do touch "$base/holding"; sleep 0.1; done
        echo "make[1]: Leaving directory" >> "$log"
        tell "Erlang/OTP $2 ($3) has been successfully built."
        echo "$2,$3" >> "$base/otp_builds"
        rm -f "$folder/build.lock" ;;
      install)
        release=$(grep -F ",$2" "$base/otp_builds" 2>/dev/null | cut -d, -f1)
        [ -n "$release" ] || fail "no build named '$2'."
        [ ! -e "$3" ] || [ -z "$(ls -A "$3")" ] || fail "$3 does not appear to be an empty directory."
        mkdir -p "$3/releases/25" "$3/bin"
        tell "Installing Erlang/OTP $release ($2) in $3..."
        echo "Installing in $3" > "$base/builds/$2/otp_install_$release.log"
        if [ -e "$base/not_whole" ]; then
          {
            echo "/usr/bin/install: cannot stat 'jquery-latest.js': No such file or directory"
            echo "gmake[1]: *** [Makefile:86: release_spec] Error 1"
            echo "gmake[1]: Leaving directory '/x'"
            echo "gmake: *** [Makefile:415: release] Error 2"
          } >> "$base/builds/$2/otp_install_$release.log"
          fail "install of Erlang/OTP $release ($2), in $3, failed!"
        fi
        for each in erts-* lib usr; do
          for from in /usr/lib/erlang/$each; do ln -s "$from" "$3/"; done
        done
        for program in erl erlc escript; do ln -s /usr/lib/erlang/bin/$program "$3/bin/"; done
        [ -e "$base/no_version" ] || echo "$release" > "$3/releases/25/OTP_VERSION"
        echo "$2 $3" >> "$base/otp_installations"
        touch "$3/activate" ;;
      delete)
        [ "$2" = build ] || exit 1
        rm -rf "$base/builds/$3"
        sed -i "/,$3$/d" "$base/otp_builds" ;;
      *) tell "ERROR: unknown command '$1'."; exit 1 ;;
      esac
      """;

  private final Path program;
  private final Path base;

  /** One whose files all lie in {@code folder}. */
  public KerlFixture(Path folder) throws IOException {
    this.program = Files.createDirectories(folder).resolve("kerl");
    this.base = Files.createDirectories(folder.resolve("kerl-base"));
    Files.writeString(program, SCRIPT);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  public Path program() {
    return program;
  }

  /** Its folder, KERL_BASE_DIR. */
  public Path base() {
    return base;
  }

  /** From now on, builds stand still in their middle. */
  public void hold() throws IOException {
    Files.writeString(base.resolve("hold"), "");
  }

  /** Waits until one stands still. */
  public void awaitHolding() {
    Patience.await(
        () -> Files.exists(base.resolve("holding")) ? Optional.of(true) : Optional.empty());
  }

  /** They go on. */
  public void release() throws IOException {
    Files.deleteIfExists(base.resolve("hold"));
    Files.deleteIfExists(base.resolve("holding"));
  }

  /** From now on, the sources cannot be configured. */
  public void breakBuilds() throws IOException {
    Files.writeString(base.resolve("broken"), "");
  }

  /** From now on, what was built cannot be installed. */
  public void breakInstalling() throws IOException {
    Files.writeString(base.resolve("not_whole"), "");
  }

  /** From now on, it can again. */
  public void mendInstalling() throws IOException {
    Files.delete(base.resolve("not_whole"));
  }

  /** From now on, what it installs lacks something. */
  public void breakInstallations() throws IOException {
    Files.writeString(base.resolve("no_version"), "");
  }
}
