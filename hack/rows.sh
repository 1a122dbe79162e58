#!/usr/bin/env bash
# rows.sh [--short]: docs/rows.md against the tests of all tiers; runs none of them.
set -euo pipefail
cd "$(dirname "$0")/.."
form=full
[ "${1:-}" = --short ] && form=short
tiers=()
for folder in tests/unit tests/cluster tests/e2e shell/tests; do
  [ -d "$folder" ] && tiers+=("$folder")
done
pytest --quiet --no-header --no-summary --rows="$form" "${tiers[@]}"
