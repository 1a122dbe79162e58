#!/usr/bin/env bash
# kubernetes-taskmanager.sh ARGUMENT...: what a native JobManager starts in its TaskManager pods
exec "$(dirname "${BASH_SOURCE[0]}")/flink-process.sh" kubernetes-taskmanager "$@"
