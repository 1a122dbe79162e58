# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""snapshot_finder: what lies in an application's folders, newest first; a pod lists them."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from ..core.errors import Held
from ..core.finder import Folder, Found, folders, found, jobs_of, missing, newest
from ..core.finder_pod import finder_pod
from ..core.lenient import iso
from ..core.table import table
from ..core.wanted import Wanted, understood
from ..kube.api import Api
from ..kube.find_snapshots import listed
from ..kube.kinds import FLINK_DEPLOYMENT
from .options import (
    CONNECTION,
    IDENTITY,
    NAMED,
    SOURCE,
    Params,
    Result,
    Rules,
    Spec,
    api_of,
    identity_of,
    texts,
    utc_now,
    wanted_of,
)

ARGUMENT_SPEC: Spec = {
    **CONNECTION,
    **IDENTITY,
    **SOURCE,
    "timeout": {"type": "int", "default": 120},
    "show": {"type": "bool", "default": False},
}
RULES: Rules = NAMED
HEADINGS = ("TIME", "KIND", "WHOSE", "PATH")


def execute(params: Params, check_mode: bool) -> Result:
    """In check mode no pod is made, and so nothing is found."""
    api = api_of(params)
    wanted = wanted_of(params)
    name, namespace = identity_of(params, wanted)
    stored = api.get(FLINK_DEPLOYMENT, name, namespace)
    if wanted is None:
        if stored is None:
            raise Held(
                "the_resource_is_not_there",
                f"There is no FlinkDeployment {namespace}/{name}: give its file (src), which says "
                "where its snapshots are and how they are reached.",
            )
        defaults = texts(params.get("defaults"))
        wanted = understood(stored, namespace=namespace, defaults=defaults)
    where = _listable(wanted)
    status = (stored or {}).get("status") or {}
    uid = str(((stored or {}).get("metadata") or {}).get("uid") or "")
    said = "" if check_mode else _said(api, params, wanted, where, uid)
    every = found(said, where, jobs_of(status))
    return {**_result(wanted, where, every), "not_there": list(missing(said, where))}


def _listable(wanted: Wanted) -> tuple[Folder, ...]:
    every = folders(wanted.configuration)
    if any(one.path for one in every):
        return every
    told = ", ".join(one.spelled for one in every) or "none is set"
    raise Held(
        "no_folder_can_be_listed",
        f"no folder of {wanted.namespace}/{wanted.name} can be listed by a pod ({told}): only "
        "file:/ is. List it with the tool of that storage, and name a snapshot by recover_from.",
    )


def _said(api: Api, params: Params, wanted: Wanted, where: Sequence[Folder], uid: str) -> str:
    if wanted.deployment is None:
        raise Held("the_resource_breaks_rules", "\n".join(map(str, wanted.problems)))
    name = f"{wanted.name}-finder-{uuid.uuid4().hex[:8]}"
    pod = finder_pod(wanted.deployment, wanted.configuration, where, name=name, uid=uid)
    until = utc_now() + timedelta(seconds=int(params.get("timeout") or 0))
    return listed(api, pod, until=until, clock=utc_now, wait=lambda: time.sleep(0.5))


def _result(wanted: Wanted, where: Sequence[Folder], every: Sequence[Found]) -> Result:
    best = newest(every)
    rows = [
        (iso(one.time), one.kind, "own" if one.is_own else "unknown", one.path) for one in every
    ]
    return {
        "changed": False,
        "name": wanted.name,
        "namespace": wanted.namespace,
        "newest": best.path if best else "",
        "snapshots": [_row(one) for one in every],
        "not_listed": [one.spelled for one in where if not one.path],
        "table": table(HEADINGS, rows) if rows else ["no complete snapshot was found"],
    }


def _row(one: Found) -> dict[str, Any]:
    return {
        "path": one.path,
        "kind": one.kind,
        "time": iso(one.time),
        "job_id": one.job_id,
        "number": one.number,
        "own": one.is_own,
    }
