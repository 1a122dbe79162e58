#!/usr/bin/env bash
# with_cluster.sh COMMAND ...: runs it with FLINKOPS_TEST_KUBECONFIG naming a cluster that answers.
# A cluster that this script had to start is stopped at the end, also on failure; one that a person
# started, or named by FLINKOPS_TEST_KUBECONFIG, is left as it is. KEEP=1 keeps it for the next run.
set -euo pipefail
cd "$(dirname "$0")/.."
mark=build/.cluster-of-tests # stays behind a run that was killed: its cluster is ours to stop

say() { echo "==> $*"; }
local_cluster() { ansible-playbook playbooks/local_cluster.yml -e "local_cluster_state=$1"; }
answers() { [ -f "$1" ] && python hack/cluster_answers.py "$1"; }
stop() {
  status=$?
  trap - EXIT
  if [ -f "$mark" ] && [ "${KEEP:-}" != 1 ]; then
    say "stopping the cluster that the tests started"
    if local_cluster absent; then rm -f "$mark"; else status=$((status ? status : 1)); fi
  fi
  exit "$status"
}

if [ -n "${FLINKOPS_TEST_KUBECONFIG:-}" ]; then
  answers "$FLINKOPS_TEST_KUBECONFIG" || { say "no cluster answers by $FLINKOPS_TEST_KUBECONFIG" >&2; exit 1; }
else
  FLINKOPS_TEST_KUBECONFIG=$(python hack/local_kubeconfig.py)
  export FLINKOPS_TEST_KUBECONFIG
  trap stop EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  if ! answers "$FLINKOPS_TEST_KUBECONFIG"; then
    mkdir -p build
    touch "$mark"
    say "starting the embedded cluster"
    local_cluster present || { say "once more, from nothing"; local_cluster absent; local_cluster present; }
  fi
  say "the local Flink images"
  ansible-playbook playbooks/local_images.yml
fi
export KUBECONFIG=$FLINKOPS_TEST_KUBECONFIG
"$@"
