#!/usr/bin/env bash
# What is generated is fresh; every plugin and role shows its documentation. Each check to its end.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
failed=()
try() { "$@" || failed+=("$*"); }

try python hack/role_readme.py --check
try python hack/crds.py --check
try python hack/tables.py --check
try antsibull-changelog lint
try antsibull-docs lint-collection-docs --plugin-docs --skip-rstcheck .
try python hack/every_plugin.py
if [ ${#failed[@]} -gt 0 ]; then
  printf 'docs-check: failed: %s\n' "${failed[@]}"
  exit 1
fi
