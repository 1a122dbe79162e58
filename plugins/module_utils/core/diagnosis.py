# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Why an application does not run, and what to do: findings from what was seen, the first first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .diagnosis_finding import Finding, Found, Sign, Weight
from .diagnosis_rules import ECHOES, OTHERWISE, SIGNS
from .diagnosis_scene import Scene
from .masking import masked_text

LONGEST = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """`runs`: all tasks of the job run just now; `is_well`: so it is, and so it should be."""

    key: str
    runs: bool
    findings: tuple[Finding, ...]
    unseen: tuple[str, ...] = ()

    @property
    def because(self) -> str:
        return self.findings[0].rule

    @property
    def is_well(self) -> bool:
        return self.findings[0].weight is Weight.EXPLAINS


def diagnose(scene: Scene) -> Diagnosis:
    found = _all_of(SIGNS, scene)
    if not _stops(found) and not (found and scene.is_steady):
        found = (*_all_of(ECHOES, scene)[:1], *found)
    if not _stops(found):
        found = _with_the_rest(scene, found)
    unseen = tuple(masked_text(entry) for entry in scene.unseen)
    return Diagnosis(key=scene.key, runs=scene.runs, findings=found, unseen=unseen)


def _stops(found: Sequence[Finding]) -> bool:
    return any(finding.weight is Weight.STOPS for finding in found)


def _all_of(signs: Sequence[Sign], scene: Scene) -> tuple[Finding, ...]:
    found = ((sign, sign.find(scene)) for sign in signs)
    return tuple(_finding(sign, what, scene) for sign, what in found if what is not None)


def _with_the_rest(scene: Scene, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Nothing stops it: it is right so, or what is under way is told first."""
    if any(finding.weight is Weight.EXPLAINS for finding in found) or (found and scene.is_steady):
        return found
    return (*_all_of(OTHERWISE, scene)[:1], *found)


def _finding(sign: Sign, found: Found, scene: Scene) -> Finding:
    step = found.next_step or sign.next_step.format(
        key=scene.key, name=scene.name, namespace=scene.namespace, account=scene.account
    )
    stops = sign.weight is Weight.STOPS and not scene.is_steady
    weight = sign.weight if stops or sign.weight is not Weight.STOPS else Weight.WARNS
    return Finding(
        rule=sign.name,
        weight=weight,
        what=_shown(found.what),
        evidence=_shown(found.evidence),
        next_step=_shown(step),
    )


def _shown(text: str) -> str:
    """One line, without secrets."""
    return " ".join(masked_text(text).split())[:LONGEST]
