#!/usr/bin/env bash
# mypy over the collection, the shell where there is one, the tests and these scripts.
set -euo pipefail
cd "$(dirname "$0")/.."
packages=(-p ansible_collections.flinkops.flink.plugins)
[ -d shell/src/flink_operator ] && packages+=(-p flink_operator)
mypy "${packages[@]}"
mapfile -t files < <(git ls-files -co --exclude-standard -- 'tests/**.py' 'hack/*.py' 'shell/tests/**.py')
if [ ${#files[@]} -gt 0 ]; then mypy "${files[@]}"; fi
