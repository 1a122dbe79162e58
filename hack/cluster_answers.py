"""cluster_answers.py KUBECONFIG [PATH]: exit 0 when the API server answers PATH, or /readyz."""

from __future__ import annotations

import sys
from http import HTTPStatus
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / ".tree"))

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import FlinkOpsError
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Access, connect


def main(kubeconfig: str, path: str = "/readyz") -> int:
    try:
        status, _body = connect(Access(kubeconfig=kubeconfig)).answer("get", path)
    except FlinkOpsError as silent:
        print(silent, file=sys.stderr)
        return 1
    return 0 if status == HTTPStatus.OK else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
