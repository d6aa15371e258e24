# shellcheck shell=bash
# What the benchmarks in Java share: run_java [OPTION…] CLASS ARGUMENT… runs a class of the tests, quietly. Sourced, never run.

export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow"

run_java() {
  local class_path quiet
  mvn -q -B test-compile
  class_path=$(mktemp)
  quiet=$(mktemp --suffix=.xml) # logback goes by the ending
  # shellcheck disable=SC2064 # the names are known now
  trap "rm -f '$class_path' '$quiet'" EXIT
  mvn -q -B dependency:build-classpath -Dmdep.outputFile="$class_path"
  echo '<configuration><root level="WARN"/></configuration>' >"$quiet"
  "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Dlogback.configurationFile="$quiet" --enable-native-access=ALL-UNNAMED \
    -cp "target/test-classes:target/classes:$(cat "$class_path")" "$@"
}
