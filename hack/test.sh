#!/usr/bin/env bash
# test.sh core|all: everything CI runs, cheapest first; the first failure ends it.
# The runners' closing lines are printed once more at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
tier=${1:?core or all}
log=build/test.log

step() {
  local began=$SECONDS
  echo "==> $1"
  "${@:2}"
  echo "==> $1: done in $((SECONDS - began)) s"
}
closing_lines() {
  local status=$?
  echo "==> in all $SECONDS s, exit status $status"
  grep -E '^=+ .*(passed|failed|error).* in .* =+$' "$log" || true
  exit "$status"
}

if [ "${2:-}" = --on-cluster ]; then
  step "molecule" molecule test --all
  step "real API server, real Flink ($tier)" hack/e2e.sh "$tier"
  exit
fi
if [ "$tier" = all ]; then # properties with many examples; of whole lives fewer than of parsers
  export HYPOTHESIS_PROFILE=${HYPOTHESIS_PROFILE:-thorough}
fi
mkdir -p build
: >"$log"
trap closing_lines EXIT
step "check: linters, types, units, docs, build" make check 2>&1 | tee -a "$log"
step "sanity" make sanity 2>&1 | tee -a "$log"
step "cluster" hack/with_cluster.sh hack/test.sh "$tier" --on-cluster 2>&1 | tee -a "$log"
