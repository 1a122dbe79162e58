# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What a turn shows before anything is written: the resource as asked for, and its forecast."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from ..core.asking import asked_of, asking, job_of, refusal, with_asked
from ..core.case import Case
from ..core.forecast import Forecast, forecast
from ..core.forecast_objects import changed_objects
from ..core.forecast_page import page, told
from ..core.forecast_removal import forecast_removal
from ..core.plan import Move, Plan
from ..core.removing import Word
from ..core.wanted import Wanted, understood
from ..kube.act import Change
from ..kube.api import Api
from ..kube.kinds import FLINK_DEPLOYMENT
from .diff import diff_of
from .options import Params, Spec

ASKING: Spec = {
    "job_state": {"type": "str", "choices": ["running", "suspended"]},
    "snapshot": {"type": "str", "choices": ["savepoint", "checkpoint"]},
}
SHOWN_BY_ITSELF = frozenset({Move.MAKE_CLUSTER, Move.PATCH_OBJECTS})
"""Moves that show their objects themselves, where they come first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """`refusal`: a person's word that nothing would come of."""

    told: dict[str, Any] = field(default_factory=dict)
    diff: list[dict[str, str]] = field(default_factory=list)
    refusal: Plan | None = None


def as_asked(api: Api, params: Params, wanted: Wanted | None, key: str) -> Wanted | None:
    """The stored resource with the word in its spec, as it would be; else what was wanted."""
    words = {name: str(params.get(name) or "") for name in ASKING}
    namespace, _sep, name = key.partition("/")
    if not any(words.values()):
        return wanted
    stored = api.get(FLINK_DEPLOYMENT, name, namespace)
    if stored is None or not job_of(stored):
        return wanted
    defaults = wanted.defaults if wanted else params.get("defaults") or {}
    asked = with_asked(stored, asked_of(stored, **words))
    return understood(asked, namespace=namespace, defaults=dict(defaults))


def foreseen(case: Case, params: Params, key: str) -> Foreseen:
    if params.get("goal") == "remove":
        word = Word(params.get("state") or Word.KEEP)
        return _shown(case, forecast_removal(case, key=key, word=word), key)
    found = forecast(case, key=key)
    facts = asking(
        case,
        found,
        snapshot=str(params.get("snapshot") or ""),
        resumes=params.get("job_state") == "running",
    )
    return replace(_shown(case, found, key), refusal=refusal(facts, found, key=key))


def _shown(case: Case, found: Forecast, key: str) -> Foreseen:
    as_data = told(case, found, key=key)
    shown = {"prepared": "\n".join(page(as_data)) + "\n"}
    return Foreseen(told=as_data, diff=[shown, *diff_of(_changes(case, found))])


def _changes(case: Case, found: Forecast) -> list[Change]:
    if found.steps and found.steps[0].move in SHOWN_BY_ITSELF:
        return []
    return [
        Change(kind=it.kind, name=it.name, before=it.before, after=it.after)
        for it in changed_objects(case, found)
    ]
