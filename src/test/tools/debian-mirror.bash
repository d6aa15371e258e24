# shellcheck shell=bash
# Sourced by debian-libraries and debian-otp: an apt of their own, beside the machine's, that any user may run.

give_up() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# private_apt FOLDER deb|deb-src SUITE…: points apt at the machine's own Debian mirror, for these suites and with all
# of its state in FOLDER. Ends the script within seconds, with one line, when the mirror does not answer.
private_apt() {
  local folder=$1 type=$2 suite mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  shift 2
  mirror=$(debian_mirror)
  [[ -n $mirror ]] || give_up "no Debian mirror in the apt sources of this machine"
  [[ -r $keyring ]] || give_up "$keyring is missing: install debian-archive-keyring"
  mkdir -p "$folder"/{lists/partial,cache/archives/partial}
  : >"$folder/status"
  # Signed, but perhaps old: a mirror that stands still serves tests as well as one that is kept up.
  for suite; do
    echo "$type [signed-by=$keyring check-valid-until=no] $mirror $suite main"
  done >"$folder/sources.list"
  private_apt_settings "$folder" >"$folder/apt.conf"
  export APT_CONFIG=$folder/apt.conf
  timeout 5 /usr/lib/apt/apt-helper -qq -o Acquire::Retries=0 download-file "$mirror/dists/$1/InRelease" \
    "$folder/answer" >/dev/null 2>&1 || give_up "the Debian mirror of this machine's apt sources does not answer"
  apt-get -qq update >"$folder/update.log" 2>&1 || give_up "apt-get update: $(tail -n 1 "$folder/update.log")"
}

# apt itself reads the sources, so that lists and .sources files, comments and disabled entries all count as they do
# for the machine. The first base address that ends in /debian is the mirror; debian-security is not.
debian_mirror() {
  apt-get update --print-uris 2>/dev/null |
    sed -nE "s,^'([^']*/debian)/+dists/.*,\1,p" | awk 'NR == 1' || true
}

# What the machine's settings say of fetching (a proxy, dates of a frozen mirror) stays; its hooks and pins do not.
private_apt_settings() {
  apt-config dump | grep '^Acquire::'
  cat <<CONF
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "20";
Dir::Etc::Main "/dev/null";
Dir::Etc::Parts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::Etc::SourceList "$1/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State::Lists "$1/lists";
Dir::State::status "$1/status";
Dir::Cache "$1/cache";
APT::Get::List-Cleanup "false";
APT::Sandbox::User "root";
CONF
}
