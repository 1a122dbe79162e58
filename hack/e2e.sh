#!/usr/bin/env bash
# e2e.sh core|all [pytest arguments]: tests on a real API server, then on real Flink. `core` leaves out
# what is marked `matrix`: the further Flink versions and modes.
set -euo pipefail
cd "$(dirname "$0")/.."
tier=${1:?core or all}
shift
hack/testjob.sh
chosen=()
[ "$tier" = core ] && chosen=(-m "not matrix")
[ ! -d tests/oracle ] || pytest "${chosen[@]}" tests/oracle "$@"
# A file is one worker's: its tests carry one job from one to the next. Most of a test is waiting.
for folder in tests/cluster tests/e2e; do
  [ ! -d "$folder" ] || pytest "${chosen[@]}" -n 2 --dist loadfile "$folder" "$@"
done
