# shellcheck shell=bash
# What bin/run and bin/test share: install what is missing, and choose the user that everything runs as.
# Sourced, never run. Start reading at set_up.
#
# Started as root, nothing of ours runs as root: root installs packages and makes folders, and all else is done by the
# system user raccoon, on its own copy of the sources, since a checkout may lie where that user cannot read.
# shellcheck disable=SC2016,SC2034 # sh -c expands its text itself; the scripts that source this use the variables

checkout=$(dirname "$(dirname "$(realpath "${BASH_SOURCE[0]}")")")
raccoon_home=/var/lib/raccoon
cache=/var/cache/raccoon

# Java reads file names by the locale: in the C locale it could not name one with an é in it.
export LC_ALL=C.UTF-8

# "PROGRAM PACKAGE": the package's name is the same on Debian and Ubuntu. Debian's rebar3 brings all of Erlang/OTP that it needs.
needed_to_run=(
  "erl rebar3" "erlc rebar3" "escript rebar3" "rebar3 rebar3" "git git" "bwrap bubblewrap" "socat socat" "mvn maven"
  "setpriv util-linux" "flock util-linux"
)
# What compiles native code in packages: wanted by bin/test; bin/run says that it is missing, and goes on.
# g++ brings the C library's headers, which gcc does not.
needed_for_native_code=("cc gcc" "c++ g++" "make make" "cmake cmake")
needed_to_test=("${needed_to_run[@]}" "${needed_for_native_code[@]}" "curl curl" "patchelf patchelf" "readelf binutils" "xz xz-utils" "mix elixir")

# What of root's environment the user raccoon gets. All else stays behind, since it may hold root's secrets.
passed_on='PATH|LANG|LC_*|TERM|TZ|CI|RACCOON_*|EMAIL_USER|EMAIL_PASSWORD|GIT_SECRET|KERL_BASE_DIR'
passed_on+='|AWS_*'
passed_on+='|JAVA_HOME|JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|MAVEN_OPTS|TMPDIR'
passed_on+='|SSL_CERT_FILE|SSL_CERT_DIR|GIT_SSL_CAINFO|CURL_CA_BUNDLE'
passed_on+='|http_proxy|https_proxy|no_proxy|HTTP_PROXY|HTTPS_PROXY|NO_PROXY'

# set_up PROGRAM_AND_PACKAGE…: afterwards JAVA_HOME is a JDK 25, and all programs are there for the user that everything runs as.
set_up() {
  export PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  if is_root; then
    # What the user raccoon may be unable to read.
    cd /
    unset TMPDIR
    lock_machine
    make_user_and_folders
  fi
  install_missing "$@"
  export_java_home
  if is_root; then unlock_machine; fi
}

is_root() { [[ $EUID -eq 0 ]]; }

# wait_for_lock DESCRIPTOR WHOSE
wait_for_lock() {
  flock --timeout 2 "$1" && return 0
  say "waiting for $2"
  flock "$1"
}

say() { echo "raccoon: $*" >&2; }

fail() {
  say "$@"
  exit 1
}

# Two first starts at once must not both make the user, nor both run apt-get.
lock_machine() {
  install -d -m 0711 "$cache"
  exec {machine_lock}<"$cache"
  wait_for_lock "$machine_lock" "another start that sets this machine up"
}

unlock_machine() { exec {machine_lock}<&-; }

make_user_and_folders() {
  id raccoon >/dev/null 2>&1 ||
    useradd --system --user-group --home-dir "$raccoon_home" --no-create-home --shell /usr/sbin/nologin raccoon
  install -d -m 0750 -o raccoon -g raccoon "$raccoon_home" "$cache/m2" "$cache/checkouts"
}

# unprivileged COMMAND…: as the user raccoon when this is root, else as whoever this is.
unprivileged() {
  if ! is_root; then "$@"; else
    list_withheld
    env "${withheld[@]}" "${raccoon_user[@]}" "$@"
  fi
}

# Becomes the user raccoon, with no way to root's capabilities.
raccoon_user=(
  HOME="$raccoon_home" USER=raccoon LOGNAME=raccoon
  setpriv --reuid raccoon --regid raccoon --init-groups --inh-caps=-all
)

# Sets withheld to env's options. They name what is left behind, since values to keep would show in the list of processes.
list_withheld() {
  local entry
  withheld=()
  while IFS= read -r -d '' entry; do
    is_passed_on "${entry%%=*}" || withheld+=("--unset=${entry%%=*}")
  done < <(env -0)
}

is_passed_on() {
  local pattern patterns
  IFS='|' read -r -a patterns <<<"$passed_on"
  for pattern in "${patterns[@]}"; do
    # shellcheck disable=SC2053 # a pattern, not a string
    [[ $1 == $pattern ]] && return 0
  done
  return 1
}

install_missing() {
  list_missing "$@"
  [[ ${#missing[@]} -gt 0 ]] || return 0
  if is_root && type -P apt-get >/dev/null; then
    apt_install "${missing[@]}"
    list_missing "$@"
    [[ ${#missing[@]} -gt 0 ]] || prove_erlang_runs
  fi
  local package
  for package in "${missing[@]}"; do
    say "$package is missing; install it with: sudo apt-get install --no-install-recommends $package"
  done
  [[ ${#missing[@]} -eq 0 ]] || exit 1
}

# recommend WHAT_FOR PROGRAM_AND_PACKAGE…: says what is missing.
recommend() {
  local what_for=$1
  shift
  list_missing "$@"
  [[ ${#missing[@]} -eq 0 ]] ||
    say "$what_for: for that, install what is missing with: sudo apt-get install --no-install-recommends ${missing[*]}"
}

# Sets missing to the packages, each once.
list_missing() {
  local line
  local -A seen=()
  missing=()
  [[ -s /etc/ssl/certs/ca-certificates.crt ]] || missing+=(ca-certificates)
  for line in "$@"; do
    unprivileged sh -c 'command -v "$0"' "${line% *}" >/dev/null && continue
    [[ -n ${seen[${line#* }]-} ]] || missing+=("${line#* }")
    seen[${line#* }]=1
  done
}

apt_install() {
  say "installing $*"
  local log
  log=$(mktemp)
  if ! { apt_get update && apt_get install "$@"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
  fi
  rm -f "$log"
}

apt_get() {
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -q -y --no-install-recommends \
    -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 -o Dpkg::Options::=--force-confold "$@" </dev/null
}

prove_erlang_runs() {
  unprivileged rebar3 version </dev/null >/dev/null 2>&1 ||
    fail "rebar3 is installed but does not run; see: rebar3 version"
}

export_java_home() {
  find_jdk || { install_jdk && find_jdk; } || fail "no JDK 25 found that the user $(unprivileged id -un) can run; $(how_to_get_jdk)"
  export JAVA_HOME=$jdk
}

# Sets jdk to the first JDK 25 that the user everything runs as can run.
find_jdk() {
  local java
  java=$(type -P java || true)
  [[ -z $java ]] || java=$(dirname "$(dirname "$(realpath "$java")")")
  for jdk in "${JAVA_HOME:-}" "$java" /usr/lib/jvm/* /opt/* ~/.sdkman/candidates/java/* ~/.jdks/* /usr/local/*; do
    is_jdk_25 "$jdk" && return 0
  done
  return 1
}

is_jdk_25() {
  grep -qsE '^JAVA_VERSION="25[."]' "$1/release" && unprivileged test -x "$1/bin/javac" -a -r "$1/release"
}

install_jdk() {
  is_root && type -P apt-get >/dev/null || return 1
  apt-cache show openjdk-25-jdk-headless >/dev/null 2>&1 || apt_get update >/dev/null 2>&1 || true
  apt-cache show openjdk-25-jdk-headless >/dev/null 2>&1 && apt_install openjdk-25-jdk-headless
}

how_to_get_jdk() {
  if apt-cache show openjdk-25-jdk-headless >/dev/null 2>&1; then
    echo "install it with: sudo apt-get install openjdk-25-jdk-headless"
  else
    echo "unpack one for Linux (https://adoptium.net/temurin/releases/?version=25) into a folder of /usr/lib/jvm"
  fi
}
