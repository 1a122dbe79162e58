# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""flink-operator: serve the Flink applications of a cluster until told to end."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import sys
import tempfile
import uuid
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import FlinkOpsError
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Access, connect
from ansible_collections.flinkops.flink.plugins.module_utils.kube.lease import operator_identity

from .lead import Leadership, Post
from .logs import to_stream
from .probe import Answers, serve
from .runs import Way
from .service import Service, Terms
from .warming import Warm

LOG = logging.getLogger("flink_operator")


def main(argv: Sequence[str] | None = None) -> int:
    options = _options(argv)
    to_stream(options.log_level)
    try:
        return _serve(options)
    except (FlinkOpsError, TimeoutError) as broken:
        LOG.error("%s", broken)  # noqa: TRY400 - said in words; a traceback says no more
        return 1


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="flink-operator", description=__doc__)
    parser.add_argument(
        "--kubeconfig", help="its path; without it KUBECONFIG, or the pod's account"
    )
    parser.add_argument("--context", help="of the kubeconfig")
    parser.add_argument("--namespace", action="append", default=[], help="to serve; all without it")
    parser.add_argument("--selector", default="", help="labels of the resources to serve")
    parser.add_argument("--lease", default="flink-operator", help="name of the replicas' Lease")
    parser.add_argument("--lease-namespace", default="default", help="its namespace")
    parser.add_argument("--interval", type=float, default=60.0, help="seconds between calm looks")
    parser.add_argument("--workers", type=int, default=8, help="turns at a time")
    parser.add_argument("--runs", type=int, default=2, help="runs of Ansible at a time")
    parser.add_argument(
        "--cold", action="store_true", help="no warm process: each run imports anew"
    )
    parser.add_argument("--port", type=int, default=8085, help="of /metrics, /healthz and /readyz")
    parser.add_argument("--log-level", default="INFO")
    return parser.parse_args(argv)


def _serve(options: argparse.Namespace) -> int:
    ends = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ends.set())
    access = Access(kubeconfig=options.kubeconfig, context=options.context)
    identity = f"{socket.gethostname()}_{uuid.uuid4().hex[:8]}"
    post = Post(name=options.lease, namespace=options.lease_namespace, identity=identity)
    leadership = Leadership(connect(access), post)
    with tempfile.TemporaryDirectory(prefix="flink-operator-") as folder:
        warm = Warm(Path(folder) / "warm", dict(os.environ), is_cold=options.cold)  # noqa: TID251
        service = Service(_terms(options), Way(folder=Path(folder) / "runs", warm=warm), leadership)
        answers = Answers(
            metrics=lambda: service.metrics.text,
            ails=lambda: service.ails,
            lacks=lambda: service.lacks if leadership.is_leading else "",
        )
        probe = serve(options.port, answers)
        LOG.info("probes and metrics at port %s", probe.server_address[1])
        try:
            return _led(service, warm, leadership, ends)
        finally:
            service.stop()
            leadership.stop()
            warm.stop()
            probe.shutdown()


def _led(service: Service, warm: Warm, leadership: Leadership, ends: Event) -> int:
    """Wait for the lead, serve as long as it lasts: 0 where it was told to end."""
    warm.environment()
    Thread(target=leadership.wait, name="lead", daemon=True).start()
    while not leadership.is_leading:
        if ends.wait(0.05):
            return 0
    Thread(target=leadership.keep, name="renew", daemon=True).start()
    service.start()
    service.metrics.leads.set(1)
    LOG.info("serving as %s", leadership.identity)
    while not ends.wait(0.5):
        if leadership.is_lost:
            LOG.error("the Lease could not be renewed in time: another replica may lead now")
            return 1
    return 0


def _terms(options: argparse.Namespace) -> Terms:
    return Terms(
        access=Access(kubeconfig=options.kubeconfig, context=options.context),
        driver=operator_identity(options.lease, options.lease_namespace),
        namespaces=tuple(options.namespace),
        labels=options.selector,
        workers=options.workers,
        runs=options.runs,
        calm=options.interval,
    )


if __name__ == "__main__":
    sys.exit(main())
