#!/usr/bin/env bash
# demo.sh up|down: an example job on the cluster of KUBECONFIG, else on an embedded one made for it.
# What was not there before is written to build/.demo, so that `down` takes away that and no more.
set -euo pipefail
cd "$(dirname "$0")/.."
namespace=${DEMO_NAMESPACE:-flinkops-demo}
made=build/.demo
mkdir -p build
if [ -n "${KUBECONFIG:-}" ]; then
  image=${DEMO_IMAGE:-flink:1.20}
else
  KUBECONFIG=$(python hack/local_kubeconfig.py)
  export KUBECONFIG
  image=${DEMO_IMAGE:-local/flink:1.20}
  embedded=yes
fi

say() { echo "==> $*"; }
has() { python hack/cluster_answers.py "${KUBECONFIG%%:*}" "$1" 2>/dev/null; }
made_it() { grep -qs "^$1\$" "$made"; }
unless_there() { has "$2" || made_it "$1" || echo "$1" >>"$made"; }
play() { ansible-playbook "playbooks/$1.yml" "${@:2}"; }
install() {
  made_it definitions && ours=true || ours=${1:-false}
  play install -e "{\"install_state\": \"$2\", \"install_namespaces\": [\"$namespace\"],
    \"install_custom_resource_definitions\": $ours}"
}
the_job=(-e deploy_name=demo -e "deploy_namespace=$namespace" -e "deploy_image=$image"
  -e deploy_jar=local:///opt/flink/examples/streaming/TopSpeedWindowing.jar
  -e deploy_checkpoint_interval=5s -e deploy_wait_for_checkpoint=true)

up() {
  if [ -n "${embedded:-}" ]; then
    say "no KUBECONFIG is set: the embedded cluster (minutes the first time, seconds later)"
    unless_there cluster /readyz
    play local_cluster -e local_cluster_state=present
    play local_images
  fi
  unless_there definitions /apis/flink.apache.org/v1beta1
  unless_there namespace "/api/v1/namespaces/$namespace"
  install true present
  say "deploying demo into $namespace with the image $image"
  play deploy "${the_job[@]}"
  say "next:  make status"
  say "       kubectl get flinkdeployments --namespace $namespace   (KUBECONFIG=$KUBECONFIG)"
  say "       make demo-down"
}
down() {
  if has /readyz; then
    if has /apis/flink.apache.org/v1beta1; then
      play remove -e remove_name=demo -e "remove_namespace=$namespace" -e remove_state=drop
    fi
    install false absent
    made_it namespace && ansible localhost -m flinkops.flink.objects -a "{\"state\": \"absent\", \"definitions\": [
      {\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"$namespace\"}}]}"
  fi
  if made_it cluster; then play local_cluster -e local_cluster_state=absent; fi
  rm -f "$made"
}
"${1:?up or down}"
