#!/usr/bin/env bash
# Runs one process of Flink in the foreground: flink-process.sh ROLE ARGUMENT...
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=flink-environment.sh
. "$here/flink-environment.sh"

role=${1:?a role}
shift

class_of() {
    case $1 in
        kubernetes-application)
            echo org.apache.flink.kubernetes.entrypoint.KubernetesApplicationClusterEntrypoint ;;
        kubernetes-session)
            echo org.apache.flink.kubernetes.entrypoint.KubernetesSessionClusterEntrypoint ;;
        kubernetes-taskmanager)
            echo org.apache.flink.kubernetes.taskmanager.KubernetesTaskExecutorRunner ;;
        jobmanager)
            echo org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint ;;
        standalone-job)
            echo org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint ;;
        taskmanager)
            echo org.apache.flink.runtime.taskexecutor.TaskManagerRunner ;;
        history-server)
            echo org.apache.flink.runtime.webmonitor.history.HistoryServer ;;
        *)
            echo "flink-process.sh: unknown role $1" >&2
            return 2 ;;
    esac
}

# Sets memory (JVM options) and computed (-D settings), as Flink's own memory
# model works them out of the configuration: two lines behind a marker.
compute_memory() {
    local command=$1 marker=BASH_JAVA_UTILS_EXEC_RESULT: said
    shift
    said=$(java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
        -classpath "$FLINK_HOME/bin/bash-java-utils.jar:$(flink_dist)" \
        org.apache.flink.runtime.util.bash.BashJavaUtils \
        "$command" --configDir "$FLINK_CONF_DIR" "$@") || {
        echo "$said" >&2
        return 1
    }
    local lines
    mapfile -t lines < <(grep -F "$marker" <<<"$said")
    read -ra memory <<<"${lines[0]#"$marker"}"
    read -ra computed <<<"${lines[1]#"$marker"}"
}

class=$(class_of "$role")
memory=() computed=() options=() arguments=()
case $role in
    kubernetes-taskmanager)
        kind=taskmanager
        read -ra memory <<<"${FLINK_TM_JVM_MEM_OPTS:-}"
        arguments=(--configDir "$FLINK_CONF_DIR")
        ;;
    taskmanager)
        kind=taskmanager
        compute_memory GET_TM_RESOURCE_PARAMS "$@"
        arguments=(--configDir "$FLINK_CONF_DIR")
        ;;
    history-server)
        kind=historyserver
        arguments=(--configDir "$FLINK_CONF_DIR")
        ;;
    jobmanager | standalone-job)
        kind=jobmanager
        compute_memory GET_JM_RESOURCE_PARAMS "$@"
        arguments=(--configDir "$FLINK_CONF_DIR")
        ;;
    *)
        kind=jobmanager
        compute_memory GET_JM_RESOURCE_PARAMS "$@"
        ;;
esac
if [[ $role == jobmanager ]]; then arguments+=(--executionMode cluster); fi
java_options options "$kind"
# What class-data.sh left; who names another archive in env.java.opts.* has the last word.
if [[ -f $FLINK_HOME/class-data.jsa ]]; then
    options=("-XX:SharedArchiveFile=$FLINK_HOME/class-data.jsa" "${options[@]}")
fi

mkdir -p "$FLINK_LOG_DIR"
log=$FLINK_LOG_DIR/flink-$(id -un 2>/dev/null || id -u)-$role-$HOSTNAME.log

# The given arguments come last: what follows them may be the job's own.
exec java "${memory[@]}" "${options[@]}" \
    "-Dlog.file=$log" \
    "-Dlog4j.configuration=file:$FLINK_CONF_DIR/log4j-console.properties" \
    "-Dlog4j.configurationFile=file:$FLINK_CONF_DIR/log4j-console.properties" \
    "-Dlogback.configurationFile=file:$FLINK_CONF_DIR/logback-console.xml" \
    -classpath "$(flink_classpath)" \
    "$class" "${arguments[@]}" "${computed[@]}" "$@"
