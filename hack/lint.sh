#!/usr/bin/env bash
# Every linter, each to its end; fails when one of them did.
set -uo pipefail
export NO_COLOR=1
cd "$(dirname "$0")/.." || exit 1
failed=()
try() {
  echo "lint: $*"
  "$@" || failed+=("$1")
}
imports() { PYTHONPATH=.tree:shell/src lint-imports --config .importlinter; }
shells() { git ls-files -co --exclude-standard -z -- '*.sh' .ci/run | xargs -0 shellcheck --severity=warning; }

try ruff check .
try ruff format --check .
try yamllint --strict .
try shells
try imports
try hack/types.sh
try ansible-lint --offline --profile production
if [ ${#failed[@]} -gt 0 ]; then
  echo "lint: failed: ${failed[*]}"
  exit 1
fi
