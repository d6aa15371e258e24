# shellcheck shell=bash
# What bin/run and bin/test share: call Maven on the checkout or a copy of it, and leave nothing behind when interrupted.
# Sourced after setup.bash, never run. Start reading at maven.
# shellcheck disable=SC2016,SC2154 # sh -c expands its text itself; setup.bash sets the folders

# copy_sources FOLDER: makes FOLDER hold exactly the checkout's sources, owned by the user raccoon, with their times.
copy_sources() {
  unprivileged sh -c 'rm -rf "$0" && mkdir -p "$0"' "$1"
  tar -C "$checkout" --anchored --exclude=./.git --exclude=./target --exclude=./data -cf - . |
    unprivileged tar -C "$1" -xf -
}

# maven PROJECT LOG ARGUMENT…: Maven's status; its output goes to LOG. Tried once more when a download failed.
maven() {
  local project=$1 log=$2 status=0
  shift 2
  if is_root; then share_maven_settings; fi
  run_as_group maven_once "$project" "$@" >"$log" 2>&1 || status=$?
  if [[ $status -ne 0 ]] && is_download_failure "$log"; then
    # -U: Maven remembers what it could not find.
    status=0
    run_as_group maven_once "$project" -U "$@" >"$log" 2>&1 || status=$?
  fi
  return "$status"
}

is_download_failure() {
  ! grep -q "Tests run:" "$1" &&
    grep -qE '^\[ERROR\].*(Could not (transfer|find) artifact|could not be resolved|Unable to resolve)' "$1"
}

maven_once() {
  local options=(-B -Dstyle.color=never -Dmaven.wagon.http.retryHandler.count=3)
  if is_root; then options+=(-Dmaven.repo.local="$cache/m2"); fi
  cd "$1" || return
  shift
  # Maven 3.8 uses what JDK 25 warns of.
  export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
  unprivileged mvn "${options[@]}" "$@"
}

# Maven ends with colour codes, whatever it is told.
without_colours() { sed 's/\x1b\[[0-9;]*m//g'; }

# Root's own settings may name the one mirror that this machine can reach.
share_maven_settings() {
  [[ -f ~/.m2/settings.xml ]] || return 0
  unprivileged sh -c 'umask 077; mkdir -p "$0/.m2" && cat >"$0/.m2/settings.xml"' "$raccoon_home" <~/.m2/settings.xml
}

log=''
group=''

# Runs a command in a process group of its own, so that ending this script ends all of it.
run_as_group() {
  local status=0
  # Job control also keeps bash from letting the command ignore SIGINT, which its children would inherit.
  set -m
  "$@" </dev/null &
  group=$!
  set +m
  wait "$group" || status=$?
  group=''
  return "$status"
}

# Ends the running group: first asked, then killed.
end_group() {
  [[ -n $group ]] || return 0
  kill -TERM -- "-$group" 2>/dev/null || return 0
  local tries
  for ((tries = 0; tries < 100; tries++)); do
    kill -0 -- "-$group" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL -- "-$group" 2>/dev/null || true
}

# Calls clean_up at the end, also when interrupted.
clean_up_at_end() {
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
}

clean_up() {
  end_group
  [[ -z $log ]] || rm -f "$log"
}
