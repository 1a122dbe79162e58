#!/usr/bin/env bash
# java.sh: a JDK and Maven for the test job and for tests on Flink's own code; from Debian where they lack.
set -euo pipefail
missing=()
command -v javac >/dev/null || missing+=(openjdk-17-jdk-headless)
command -v mvn >/dev/null || missing+=(maven)
[ ${#missing[@]} = 0 ] && exit 0
echo "java: installing ${missing[*]}" >&2
[ "$(id -u)" = 0 ] || { echo "java: install ${missing[*]} first (apt-get, as root)" >&2; exit 1; }
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
