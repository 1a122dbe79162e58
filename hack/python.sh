#!/usr/bin/env bash
# Prints a Python of 3.11 or later that can make virtual environments; installs Debian's where root may.
set -euo pipefail

usable() {
  "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}
find_one() {
  for name in "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
    usable "$name" && echo "$name" && return
  done
  return 1
}

find_one && exit
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "setup: installing python3-venv with apt-get" >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3 python3-venv; } >&2
  find_one && exit
fi
echo "setup: Python 3.11 or later with venv is needed: install it (Debian: apt install python3-venv)," >&2
echo "       or name one: make setup PYTHON=/path/to/python3" >&2
exit 1
