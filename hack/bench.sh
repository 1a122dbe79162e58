#!/usr/bin/env bash
# Runs each benchmark in benchmarks/; they write their figures into benchmarks/RESULTS.md themselves.
set -euo pipefail
cd "$(dirname "$0")/.."
shopt -s nullglob
for bench in benchmarks/bench_*.py; do
  echo "==> $bench"
  python "$bench" "$@"
done
