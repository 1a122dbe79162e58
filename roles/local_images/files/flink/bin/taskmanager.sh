#!/usr/bin/env bash
# taskmanager.sh [start-foreground] ARGUMENT...
if [[ ${1:-} == start-foreground ]]; then shift; fi
exec "$(dirname "${BASH_SOURCE[0]}")/flink-process.sh" taskmanager "$@"
