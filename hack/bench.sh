#!/usr/bin/env bash
# Measures everything in benchmarks/ and writes benchmarks/RESULTS.md.
set -euo pipefail
cd "$(dirname "$0")/.."
python benchmarks/results.py "$@"
