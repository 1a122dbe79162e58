# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The start-up boost in a turn: announced with a start, given back by a move once the job runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..core import boost_status
from ..core.boost import Resize
from ..core.boost_rules import Surroundings
from ..core.recorded import recorded
from ..core.wanted import Wanted
from ..kube.api import Api
from ..kube.kinds import POD
from ..kube.resize import Outcome, resize, surroundings
from ..kube.tell import tell

PASSING = frozenset(
    {
        "the_pod_was_replaced_meanwhile",
        "the_pod_is_gone",
        "the_api_server_was_busy",
        "the_api_server_was_not_reached",
    }
)
"""Refusals after which the next turn asks again; after any other the pod keeps what it has."""


def announced(api: Api, wanted: Wanted | None, status: Mapping[str, Any]) -> dict[str, Any]:
    """The status of a start that is about to be written ahead, with a word on its boost."""
    started = boost_status.started(wanted, status) if wanted else None
    if wanted is None or started is None:
        return dict(status)
    asked = boost_status.asked(started, base=wanted.defaults)
    around = Surroundings()
    if asked.raises:
        around = surroundings(api, wanted.namespace, with_nodes=asked.raises_requests)
    found = replace(asked, around=around)
    return boost_status.announced(status, started, found, base=wanted.defaults)


def as_announced(wanted: Wanted, status: Mapping[str, Any]) -> Wanted:
    """What the start of this status is rendered from: its spec, with its boost."""
    started = wanted.with_spec(recorded(status).deployed)
    if started.deployment is None:
        return started
    with_boost = boost_status.as_started(started.deployment, status, base=wanted.defaults)
    return replace(started, deployment=with_boost)


def resized(
    api: Api, stored: Mapping[str, Any] | None, wanted: Wanted | None, *, check_mode: bool
) -> bool:
    """The pods that run with the boost have the spec's own CPU; a lasting refusal is recorded."""
    asked = _asked(api, stored, wanted)
    if stored is None or not asked or check_mode:
        return bool(asked)
    outcomes = resize(api, asked)
    lasting = [one for one in outcomes if one.reason and one.reason not in PASSING]
    if lasting:
        tell(api, stored, _with_refused(stored, lasting))
    return bool(lasting) or any(not one.reason for one in outcomes)


def _asked(api: Api, stored: Mapping[str, Any] | None, wanted: Wanted | None) -> tuple[Resize, ...]:
    status = (stored or {}).get("status") or {}
    started = boost_status.started(wanted, status) if wanted else None
    if wanted is None or started is None:
        return ()
    pods = api.list(POD, wanted.namespace, labels=f"app={wanted.name},component")
    return boost_status.pods_to_resize(pods, started, status, base=wanted.defaults)


def _with_refused(stored: Mapping[str, Any], lasting: Sequence[Outcome]) -> dict[str, Any]:
    first = lasting[0]
    pods = [one.resize.pod for one in lasting]
    return boost_status.with_refused(stored["status"], first.reason, first.answered, pods)
