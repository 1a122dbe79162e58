# shellcheck shell=bash
# Folders, class path and Java options. Read by the other scripts, never run.

export FLINK_HOME=${FLINK_HOME:-/opt/flink}
export FLINK_CONF_DIR=${FLINK_CONF_DIR:-$FLINK_HOME/conf}
export FLINK_LIB_DIR=${FLINK_LIB_DIR:-$FLINK_HOME/lib}
export FLINK_OPT_DIR=${FLINK_OPT_DIR:-$FLINK_HOME/opt}
export FLINK_PLUGINS_DIR=${FLINK_PLUGINS_DIR:-$FLINK_HOME/plugins}
export FLINK_LOG_DIR=${FLINK_LOG_DIR:-$FLINK_HOME/log}
export HOSTNAME=${HOSTNAME:-$(uname -n)}

# What Flink reaches into on Java 17, where the configuration says nothing.
java_17_exports=(sun.net.util sun.rmi.registry sun.security.krb5)
java_17_opens=(
    java.lang java.net java.io java.nio sun.nio.ch java.lang.reflect java.text java.time java.util
    java.util.concurrent java.util.concurrent.atomic java.util.concurrent.locks
)

flink_dist() {
    local jars=("$FLINK_LIB_DIR"/flink-dist*.jar)
    echo "${jars[0]}"
}

# Flink's own jar comes last, so that a jar laid beside it can go before it.
flink_classpath() {
    local jar dist path=
    dist=$(flink_dist)
    for jar in "$FLINK_LIB_DIR"/*.jar; do
        if [[ $jar != "$dist" ]]; then path+=$jar:; fi
    done
    echo "$path$dist${HADOOP_CONF_DIR:+:$HADOOP_CONF_DIR}"
}

# The configuration as lines "a.b.c: value", whether it is written flat or nested.
flat_config() {
    local file=$FLINK_CONF_DIR/flink-conf.yaml
    if [[ -f $FLINK_CONF_DIR/config.yaml ]]; then file=$FLINK_CONF_DIR/config.yaml; fi
    [[ -f $file ]] || return 0
    awk '
        /^[ \t]*(#|-|$)/ { next }
        {
            match($0, /^ */); depth = RLENGTH
            colon = match($0, /:( |$)/); if (!colon) next
            key = substr($0, depth + 1, colon - depth - 1)
            value = substr($0, colon + 2); sub(/^ +/, "", value); sub(/[ \t]+$/, "", value)
            while (top && indent[top] >= depth) top--
            if (value == "") { top++; indent[top] = depth; name[top] = key; next }
            if (value ~ /^\047.*\047$/) { value = substr(value, 2, length(value) - 2); gsub(/\047\047/, "\047", value) }
            else if (value ~ /^".*"$/) { value = substr(value, 2, length(value) - 2) }
            path = ""; for (i = 1; i <= top; i++) path = path name[i] "."
            print path key ": " value
        }' "$file"
}

configured() {
    flat_config | sed -n "s/^$1: //p" | tail -n 1
}

# java_options ARRAY KIND: what env.java.* asks for this kind of process.
java_options() {
    local -n into=$1
    local kind=$2 text key package word
    text=$(configured 'env\.java\.default-opts\.all')
    if [[ -z $text ]]; then
        for package in "${java_17_exports[@]}"; do
            text+=" --add-exports=$(module_of "$package")/$package=ALL-UNNAMED"
        done
        for package in "${java_17_opens[@]}"; do
            text+=" --add-opens=java.base/$package=ALL-UNNAMED"
        done
    fi
    for key in "default-opts\.$kind" 'opts\.all' "opts\.$kind"; do
        text+=" $(configured "env\.java\.$key")"
    done
    into=()
    while IFS= read -r word; do
        if [[ -n $word ]]; then into+=("$word"); fi
    done < <(xargs printf '%s\n' <<<"$text")
}

module_of() {
    case $1 in
        sun.rmi.*) echo java.rmi ;;
        sun.security.krb5) echo java.security.jgss ;;
        *) echo java.base ;;
    esac
}
