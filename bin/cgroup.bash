# shellcheck shell=bash
# Gives the user raccoon control groups, in which the kernel holds builds to their limits. Only root can.
# Where it cannot be done, such as in a container, nothing is said: the server says at its start which limits hold.
# Sourced after setup.bash, never run. Start reading at delegate_cgroup.

# delegate_cgroup NAME: afterwards the user raccoon may make groups in the group NAME, and in cgroup v2 this shell and all that
# it starts from now on are in a leaf of it, called server: from outside of it, that user could move no process into its groups.
delegate_cgroup() {
  is_root || return 0
  find_cgroup_v2
  if [[ -n $cgroup_v2 ]]; then delegate_v2 "$1"; else delegate_v1 "$1"; fi 2>/dev/null || true
}

# remove_cgroup NAME: undoes that; all that was in it but this shell must have ended.
remove_cgroup() {
  is_root || return 0
  local controller
  if [[ -n $cgroup_v2 ]]; then remove_v2 "$1" 2>/dev/null || true; fi
  for controller in memory pids; do
    find_cgroup_v1 "$controller"
    [[ -z $cgroup_v1 ]] || remove_groups "$cgroup_v1/$1"
  done
}

# Removes a group and all below it.
remove_groups() {
  [[ ! -d $1 ]] || find "$1" -depth -type d -exec rmdir {} \; 2>/dev/null || true
}

cgroup_v2=''
cgroup_home=''

# Sets cgroup_home to this shell's group, and cgroup_v2 to the folder in which a group can be made: this shell's own group where nothing else is in it, such as a
# service's or a container's, or else the one that is mounted. It is empty where cgroup v2 has not both controllers.
find_cgroup_v2() {
  local mount own line processes=()
  cgroup_v2='' cgroup_home=''
  mount=$(cgroup_mount cgroup2 '')
  [[ -n $mount ]] && has_controllers "$mount/cgroup.controllers" || return 0
  while IFS= read -r line; do
    [[ $line != 0::* ]] || own=$mount${line#0::}
  done </proc/self/cgroup
  own=${own%/}
  cgroup_home=$own
  if [[ -r $own/cgroup.procs ]]; then mapfile -t processes <"$own/cgroup.procs"; fi
  cgroup_v2=$mount
  if [[ ${processes[*]-} == "$$" ]] && has_controllers "$own/cgroup.controllers"; then cgroup_v2=$own; fi
}

has_controllers() {
  local controllers
  controllers=" $(cat "$1" 2>/dev/null || true) "
  [[ $controllers == *" memory "* && $controllers == *" pids "* ]]
}

# delegate_v2 NAME. A group that holds processes can have no groups with limits in it, but for the machine's root: so this shell
# moves first. What may be given away is what the kernel lists in /sys/kernel/cgroup/delegate.
delegate_v2() {
  local group=$cgroup_v2/$1
  mkdir -p "$group/server" || return
  chown raccoon:raccoon "$group" "$group/server" "$group"/cgroup.{procs,threads,subtree_control} \
    "$group"/server/cgroup.{procs,threads,subtree_control} || return
  echo $$ >"$group/server/cgroup.procs" || return
  echo '+memory +pids' >"$cgroup_v2/cgroup.subtree_control" || return
  echo '+memory +pids' >"$group/cgroup.subtree_control"
}

# remove_v2 NAME: the shell goes back to its own group, which takes no process while groups in it have limits.
remove_v2() {
  local group=$cgroup_v2/$1
  find "$group" -mindepth 1 -depth -type d ! -path "$group/server" -exec rmdir {} \;
  echo '-memory -pids' >"$group/cgroup.subtree_control"
  if [[ $cgroup_home == "$cgroup_v2" ]]; then echo '-memory -pids' >"$cgroup_v2/cgroup.subtree_control"; fi
  echo $$ >"$cgroup_home/cgroup.procs"
  remove_groups "$group"
}

# delegate_v1 NAME. Nobody has to move: whoever owns the group may put processes of its own into it from anywhere.
delegate_v1() {
  local controller
  for controller in memory pids; do
    find_cgroup_v1 "$controller"
    [[ -n $cgroup_v1 ]] || return 0
    mkdir -p "$cgroup_v1/$1" || return
    chown raccoon:raccoon "$cgroup_v1/$1" "$cgroup_v1/$1/cgroup.procs" "$cgroup_v1/$1/tasks" || return
  done
}

# Sets cgroup_v1 to where the hierarchy of a controller is mounted, if it is.
find_cgroup_v1() { cgroup_v1=$(cgroup_mount cgroup "$1"); }

# cgroup_mount TYPE CONTROLLER: where the first such file system is mounted.
cgroup_mount() {
  local point type options
  while read -r _ point type options _; do
    if [[ $type == "$1" ]] && [[ -z $2 || ,$options, == *,"$2",* ]]; then
      printf '%b\n' "$point" # a blank is written as \040
      return
    fi
  done </proc/self/mounts
}
