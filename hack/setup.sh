#!/usr/bin/env bash
# setup.sh run|dev: .venv with the pinned packages, and the .tree link. Talks on stderr only.
set -euo pipefail
cd "$(dirname "$0")/.."
exec 1>&2
set_of=${1:?run or dev}

mkdir -p .tree/ansible_collections/flinkops
ln -sfn ../../.. .tree/ansible_collections/flinkops/flink

wanted=$(cat requirements/{constraints,run}.txt "requirements/$set_of.txt" | sha256sum | cut -d' ' -f1)
stamp=.venv/.requirements-$set_of
[ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && exit 0

if [ ! -x .venv/bin/python ]; then
  python=$(hack/python.sh)
  echo "setup: making .venv with $python"
  "$python" -m venv .venv
fi
echo "setup: installing requirements/$set_of.txt"
.venv/bin/python -m pip install --quiet --disable-pip-version-check -r "requirements/$set_of.txt"
echo "$wanted" >"$stamp"
echo "setup: ready"
