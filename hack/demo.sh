#!/usr/bin/env bash
# demo.sh up|down: an example job on the cluster of KUBECONFIG, else on an embedded one made for it.
# What it started itself is noted in build/.demo, so that `down` takes away that and no more.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:?up or down}
noted=build/.demo
mkdir -p build

say() { printf '\n==> %s\n' "$*"; }
play() { ansible-playbook "$@" "${vars[@]}"; }
note() { grep -qsx "$1" "$noted" || echo "$1" >>"$noted"; }
was_made() { if grep -qsx "$1" "$noted"; then echo true; else echo false; fi; }
local_cluster() { ansible-playbook playbooks/local_cluster.yml -e "local_cluster_state=$1"; }
answers() { python hack/cluster_answers.py "$KUBECONFIG" "$@" 2>/dev/null; }

image=${DEMO_IMAGE:-flink:1.20}
if [ -z "${KUBECONFIG:-}" ]; then
  embedded=yes
  image=${DEMO_IMAGE:-local/flink:1.20}
  KUBECONFIG=$(python hack/local_kubeconfig.py)
  export KUBECONFIG
fi
own=$(dirname "$KUBECONFIG")/bin/kubectl
kubectl=kubectl
if ! command -v kubectl >/dev/null && [ -x "$own" ]; then kubectl=$own; fi
vars=(-e "status_kubectl=$kubectl" -e @playbooks/vars/demo.yml -e "deploy_image=$image" -e "status_kubeconfig=$KUBECONFIG")

prepare_cluster() {
  answers || { note cluster; say "starting the embedded Kubernetes: minutes the first time, seconds later"; }
  local_cluster present
  say "loading Flink's image: minutes the first time, seconds later"
  ansible-playbook playbooks/local_images.yml -e '{"local_images_versions": ["1.20"]}'
}

up() {
  if [ -n "${embedded:-}" ]; then prepare_cluster; fi
  answers || { echo "demo: the cluster of KUBECONFIG=$KUBECONFIG does not answer" >&2; exit 1; }
  answers /apis/flink.apache.org/v1beta1 || note definitions
  answers /api/v1/namespaces/flinkops-demo || note namespace
  say "installing the custom resource definitions and the jobs' account"
  play playbooks/install.yml
  say "deploying the application demo with image $image"
  play playbooks/deploy.yml
  play playbooks/status.yml
  say "take it away again: make demo-down"
}

down() {
  if answers; then
    if answers /apis/flink.apache.org/v1beta1; then play playbooks/remove.yml; fi
    play playbooks/install.yml -e install_state=absent \
      -e "install_remove_namespaces=$(was_made namespace)" \
      -e "install_custom_resource_definitions=$(was_made definitions)"
  fi
  if grep -qsx cluster "$noted"; then local_cluster absent; fi
  rm -f "$noted"
}
"$what"
