#!/usr/bin/env bash
# ansible-test sanity on the built collection, unpacked where ansible-test wants it to lie
# (a real folder .../ansible_collections/NAMESPACE/NAME, in git): what is shipped is what is tested.
set -euo pipefail
cd "$(dirname "$0")/.."
cache=${FLINKOPS_CACHE:-$HOME/.cache/flinkops}/sanity
copy=$cache/ansible_collections/flinkops/flink
version=$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')

mkdir -p "$cache"
exec 9>"$cache/lock" # one copy, one run at a time
flock 9
hack/build.sh
rm -rf "$copy"
mkdir -p "$copy"
tar -xzf "$(ls -t build/flinkops-flink-*.tar.gz | head -n 1)" -C "$copy"
python hack/ansible_test_home.py "$cache/home" # while HOME is still the person's: it copies pip's settings
cd "$copy"
git -c init.defaultBranch=main init -q .
git add -A
HOME=$cache/home ansible-test sanity --python "$version" --color no "$@"
