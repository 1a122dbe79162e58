"""Print where the embedded cluster's kubeconfig lies: the role's own default."""

from __future__ import annotations

import subprocess

DEFAULTS = "@roles/local_cluster/defaults/main.yml"


def main() -> None:
    ask = ["ansible", "localhost", "-m", "ansible.builtin.debug", "-e", DEFAULTS]
    ask += ["-a", "msg=path:{{ local_cluster_kubeconfig }}"]
    answer = subprocess.run(ask, check=True, capture_output=True, text=True).stdout
    line = next(line for line in answer.splitlines() if "path:" in line)
    print(line.split("path:", 1)[1].strip(' "'))


if __name__ == "__main__":
    main()
