"""cluster_answers.py KUBECONFIG [PATH]: exit 0 when the API server answers PATH, or /readyz."""

from __future__ import annotations

import sys

import kubernetes


def main(kubeconfig: str, path: str = "/readyz") -> int:
    try:
        client = kubernetes.config.new_client_from_config(kubeconfig)
        client.rest_client.pool_manager.connection_pool_kw["retries"] = False
        client.call_api(path, "GET", auth_settings=["BearerToken"], _request_timeout=5)
    except Exception as trouble:  # noqa: BLE001 - whatever it is: it does not answer
        print(f"{kubeconfig}: {path}: {type(trouble).__name__}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
