#!/usr/bin/env bash
# Writes $FLINK_HOME/class-data.jsa: the JVM's shared archive of the classes that a JobManager and a
# TaskManager load when they start, so that they start with less CPU. Run it when an
# image is made, after the last jar was laid into lib. It runs a job for a moment, and an entrypoint
# that finds no Kubernetes, and asks the JVM which classes they loaded.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=flink-environment.sh
. "$here/flink-environment.sh"

seconds=${1:-15}
example=$FLINK_HOME/examples/streaming/TopSpeedWindowing.jar
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
jars=$(flink_classpath)
options=()
java_options options jobmanager

# loaded_by NAME CLASS ARGUMENT...: the classes that it loads in those seconds.
loaded_by() {
    local name=$1 status=0
    shift
    timeout --signal=TERM "$seconds" java "${options[@]}" \
        "-XX:DumpLoadedClassList=$folder/$name.classes" \
        "-Dlog.file=$folder/log" "-Djava.io.tmpdir=$folder" \
        "-Dlog4j.configurationFile=file:$FLINK_CONF_DIR/log4j-console.properties" \
        "$@" >"$folder/$name.out" 2>&1 || status=$?
    if [[ ! -s $folder/$name.classes ]]; then
        tail -n 30 "$folder/$name.out" >&2
        echo "class-data.sh: $name loaded nothing (exit status $status)" >&2
        return 1
    fi
}

loaded_by job -classpath "$jars:$example" \
    org.apache.flink.streaming.examples.windowing.TopSpeedWindowing
_POD_IP_ADDRESS=127.0.0.1 KUBERNETES_SERVICE_HOST=127.0.0.1 KUBERNETES_SERVICE_PORT=9 \
    loaded_by entrypoint -classpath "$jars" \
    org.apache.flink.kubernetes.entrypoint.KubernetesApplicationClusterEntrypoint \
    -Dkubernetes.cluster-id=none -Dkubernetes.namespace=none "-Dpipeline.jars=local://$example" \
    -Dhigh-availability.type=kubernetes "-Dhigh-availability.storageDir=file://$folder/ha" \
    -Dblob.server.port=0 -Djobmanager.rpc.port=0 -Drest.bind-port=0 \
    -Djobmanager.rpc.address=localhost -Drest.address=localhost
sort --unique "$folder"/*.classes >"$folder/all"

java -Xshare:dump "-XX:SharedClassListFile=$folder/all" \
    "-XX:SharedArchiveFile=$folder/class-data.jsa" -classpath "$jars" >"$folder/dump.out" 2>&1 || {
    tail -n 30 "$folder/dump.out" >&2
    exit 1
}
mv "$folder/class-data.jsa" "$FLINK_HOME/class-data.jsa"
chmod 0644 "$FLINK_HOME/class-data.jsa"
echo "class-data.sh: $(wc -l <"$folder/all") classes in $FLINK_HOME/class-data.jsa"
