# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a removal leaves of a carried job, and that the next job of that name goes on from it."""

from __future__ import annotations

import re
from typing import Any

from .carried import IN_POD, NAME, Carried
from .cluster import until
from .playbook import Run

LEASE = f"leases/flinkops-{NAME}"
FINALIZER = "flinkdeployments.flink.apache.org/finalizer"
LEFT = re.compile(rf"its last snapshot is (file:/+{IN_POD.strip('/')}/[\w/-]+)")


def is_to_end(app: Carried, mode: str) -> None:
    _patched(app, {"spec": {"job": {"deletionMode": mode}}})


def is_held(app: Carried) -> None:
    """As an operator does it that takes the resource on."""
    _patched(app, {"metadata": {"finalizers": [FINALIZER]}})


def _patched(app: Carried, body: dict[str, Any]) -> None:
    app.cluster.patch("flinkdeployments", NAME, app.namespace, body)


def told(app: Carried, removed: Run) -> str:
    """The one snapshot that the run says it has left; it is there."""
    [path] = set(LEFT.findall(removed.out))
    assert (app.at(path) / "_metadata").is_file(), f"{path} is not there: {removed}"
    return str(path)


def nothing_is_left(app: Carried) -> None:
    """The Lease goes with its owner, by the garbage collector. Once more, and nothing is done."""
    until(lambda: set(app.cluster.made(app.namespace)) <= {LEASE}, "all is gone", within=5)
    until(lambda: not app.cluster.made(app.namespace), "nothing is left", within=60)
    app.remove().well(changed=0)


def only_ha_data_is_left(app: Carried) -> None:
    assert {name.split("/")[0] for name in app.cluster.made(app.namespace)} == {"configmaps"}
    app.remove().well(changed=0)


def goes_on_from(app: Carried, path: str) -> None:
    """A new application of that name has all that the old one had counted."""
    app.apply(job={"initialSavepointPath": path}).well()
    assert (app.origin["kind"], app.origin["path"]) == ("savepoint", path)
    app.counts_on()
    app.is_settled()
