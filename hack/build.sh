#!/usr/bin/env bash
# Builds the collection into build/ and looks at what the tarball holds.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build
ansible-galaxy collection build --force --output-path build | tail -n 1
tarball=$(ls -t build/flinkops-flink-*.tar.gz | head -n 1)
python hack/tarball.py "$tarball"
