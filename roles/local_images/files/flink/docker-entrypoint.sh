#!/usr/bin/env bash
# The image's entry point: a role of Flink's, or any other command.
set -euo pipefail

export FLINK_HOME=${FLINK_HOME:-/opt/flink}
export FLINK_CONF_DIR=${FLINK_CONF_DIR:-$FLINK_HOME/conf}
export FLINK_LIB_DIR=${FLINK_LIB_DIR:-$FLINK_HOME/lib}
export FLINK_OPT_DIR=${FLINK_OPT_DIR:-$FLINK_HOME/opt}
export FLINK_PLUGINS_DIR=${FLINK_PLUGINS_DIR:-$FLINK_HOME/plugins}
export FLINK_LOG_DIR=${FLINK_LOG_DIR:-$FLINK_HOME/log}
export PATH=$FLINK_HOME/bin:$PATH

config_file() {
    if [[ -f $FLINK_CONF_DIR/flink-conf.yaml ]]; then
        echo "$FLINK_CONF_DIR/flink-conf.yaml"
    else
        echo "$FLINK_CONF_DIR/config.yaml"
    fi
}

# The settings that come by environment. A mounted configuration cannot be
# written, so they go into a copy of it.
apply_properties() {
    local settings=${FLINK_PROPERTIES:-}
    if [[ -n ${JOB_MANAGER_RPC_ADDRESS:-} ]]; then
        settings+=$'\n'"jobmanager.rpc.address: $JOB_MANAGER_RPC_ADDRESS"
    fi
    if [[ -n ${TASK_MANAGER_NUMBER_OF_TASK_SLOTS:-} ]]; then
        settings+=$'\n'"taskmanager.numberOfTaskSlots: $TASK_MANAGER_NUMBER_OF_TASK_SLOTS"
    fi
    [[ -n $settings ]] || return 0
    local copy file key
    copy=$(mktemp -d)
    chmod 755 "$copy"
    cp -L "$FLINK_CONF_DIR"/* "$copy"
    export FLINK_CONF_DIR=$copy
    file=$(config_file)
    while IFS=: read -r key _; do # a key given twice is an error from Flink 2.0 on
        if [[ -n $key ]]; then sed -i "/^${key//./\\.}:/d" "$file"; fi
    done <<<"$settings"
    printf '\n%s\n' "$settings" >>"$file"
    chmod 644 "$copy"/*
}

# Plugins that lie ready in opt/ and are asked for by name, divided by semicolons.
enable_plugins() {
    local name
    for name in ${ENABLE_BUILT_IN_PLUGINS//;/ }; do
        mkdir -p "$FLINK_PLUGINS_DIR/${name%.jar}"
        ln -sf "$FLINK_OPT_DIR/$name" "$FLINK_PLUGINS_DIR/${name%.jar}/"
    done
}

as_flink() {
    if [[ $(id -u) == 0 ]]; then
        exec setpriv --reuid=flink --regid=flink --init-groups -- "$@"
    fi
    exec "$@"
}

if [[ -n ${ENABLE_BUILT_IN_PLUGINS:-} ]]; then enable_plugins; fi
apply_properties

case ${1:-help} in
    help)
        echo "Usage: $(basename "$0") (jobmanager|standalone-job|taskmanager|history-server|COMMAND)"
        ;;
    jobmanager | standalone-job | taskmanager | history-server)
        as_flink "$FLINK_HOME/bin/flink-process.sh" "$@"
        ;;
    *) as_flink "$@" ;;
esac
