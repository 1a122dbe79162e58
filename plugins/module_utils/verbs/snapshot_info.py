# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""snapshot_info: what became of the snapshot that was asked for. Only looks, and waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ..core.errors import Held
from ..core.plan import Plan, Verdict
from ..core.snapshot_answer import Asked, answer, path_of
from ..core.snapshot_status import Kind
from ..kube.api import Api
from ..kube.errors import Absent, Forbidden, Unserved
from ..kube.kinds import FLINK_DEPLOYMENT, FLINK_STATE_SNAPSHOT
from .options import CONNECTION, Params, Result, Spec, api_of, utc_now

ARGUMENT_SPEC: Spec = {
    **CONNECTION,
    "name": {"type": "str", "required": True},
    "namespace": {"type": "str", "default": "default"},
    "kind": {"type": "str", "choices": [kind.value for kind in Kind], "default": "savepoint"},
    "timeout": {"type": "int", "default": 0},
    "show": {"type": "bool", "default": False},
}
EVERY = 1.0


def execute(
    params: Params, check_mode: bool, say: Callable[[str], None] = lambda _: None
) -> Result:
    api = api_of(params)
    until = utc_now() + timedelta(seconds=0 if check_mode else int(params.get("timeout") or 0))
    key = f"{params.get('namespace') or 'default'}/{params['name']}"
    said = ""
    while True:
        asked = _asked(api, params, key)
        found = answer(asked, key=key)
        if found.verdict is not Verdict.WAIT or utc_now() > until:
            break
        if found.message != said:
            said = found.message
            say(f"{key}: {said}")
        time.sleep(EVERY)
    _fail_unless_told(found, is_waited_for=bool(params.get("timeout")))
    return {
        "changed": False,
        "name": str(params["name"]),
        "namespace": key.partition("/")[0],
        "kind": asked.kind.value,
        "complete": found.verdict is Verdict.SETTLED,
        "path": path_of(asked) if found.verdict is Verdict.SETTLED else "",
        "because": found.because,
        "message": found.message,
    }


def _asked(api: Api, params: Params, key: str) -> Asked:
    namespace, _sep, name = key.partition("/")
    stored = api.get(FLINK_DEPLOYMENT, name, namespace)
    if stored is None:
        raise Held("the_resource_is_not_there", f"There is no FlinkDeployment {key}.")
    return Asked(stored=stored, kind=Kind(params["kind"]), objects=_objects(api, namespace))


def _objects(api: Api, namespace: str) -> list[Mapping[str, Any]]:
    """Where nobody has defined that kind, or we may not see it, the status tells."""
    try:
        return list(api.list(FLINK_STATE_SNAPSHOT, namespace))
    except (Absent, Forbidden, Unserved):
        return []


def _fail_unless_told(found: Plan, *, is_waited_for: bool) -> None:
    plan = found
    if found.verdict is Verdict.WAIT and is_waited_for:
        plan = replace(found, verdict=Verdict.FAILED)
    if plan.verdict in (Verdict.FAILED, Verdict.HELD):
        raise Held(plan.because, f"{plan.because}: {plan.message}. {plan.next_step}".rstrip(". "))
