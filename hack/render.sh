#!/usr/bin/env bash
# render.sh FILE: the objects a custom resource becomes, as YAML on stdout; all else goes to stderr.
# Exit status 2 for a custom resource that is refused.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -f "${1:-}" ] || { echo "render: CR=${1:-} is no file; say make render CR=file.yaml" >&2; exit 2; }
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
vars=$(python -c 'import json, sys; print(json.dumps(dict(zip(["cr", "render_to"], sys.argv[1:]))))' \
  "$(realpath "$1")" "$out/objects.yaml")
ANSIBLE_DISPLAY_FAILED_STDERR=true ansible-playbook playbooks/render.yml -e "$vars" >/dev/null
cat "$out/objects.yaml"
