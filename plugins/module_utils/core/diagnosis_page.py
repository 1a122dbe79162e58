# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A diagnosis as one screen: at most 30 lines of 120 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from .diagnosis import Diagnosis
from .diagnosis_finding import Finding, Weight
from .diagnosis_scene import FlinkView, Scene, mapping

LINES = 30
COLUMNS = 120
LINES_OF_ONE = 3
LABEL = 10


def page(scene: Scene, diagnosis: Diagnosis) -> list[str]:
    head = [f"{diagnosis.key}   {_headline(diagnosis)}"[:COLUMNS], *_state(scene), ""]
    foot = _unseen(diagnosis.unseen)
    room = LINES - len(head) - len(foot)
    return [*head, *_findings(diagnosis.findings, room), *foot]


def _headline(diagnosis: Diagnosis) -> str:
    if diagnosis.runs:
        return "RUNS" if diagnosis.is_well else f"RUNS, but: {_words(diagnosis.because)}"
    ways = {Weight.EXPLAINS: "DOES NOT RUN, rightly", Weight.PASSES: "DOES NOT RUN YET"}
    way = ways.get(diagnosis.findings[0].weight, "DOES NOT RUN")
    return f"{way}: {_words(diagnosis.because)}"


def _words(rule: str) -> str:
    return rule.replace("_", " ")


def _state(scene: Scene) -> list[str]:
    status = scene.status
    job = mapping(status.get("jobStatus")).get("state") or "-"
    recorded = f"{status.get('lifecycleState') or '-'}, job {job}"
    counted = f"JobManagers {scene.available} of {scene.replicas} ready, {len(scene.pods)} pods"
    generation = f"generation {scene.metadata.get('generation', '-')}"
    lines = [("Status", f"{recorded}, {generation}; {counted}"), ("Flink", _flink(scene))]
    return [line for label, text in lines for line in _wrapped(label, text, most=2)]


def _flink(scene: Scene) -> str:
    flink = scene.flink
    if not isinstance(flink, FlinkView):
        return f"not seen: {flink}"
    slots = f"{flink.taskmanagers} TaskManagers, {flink.slots_free} of {flink.slots} slots free"
    job = flink.job
    if job is None:
        return f"{flink.version}, {slots}, job not known"
    counts = job.checkpoints
    done = f", {counts.completed} checkpoints done" if counts else ""
    return (
        f"{flink.version}, {slots}, job {job.state} ({job.tasks_running}/{job.tasks} tasks{done})"
    )


def _findings(findings: tuple[Finding, ...], room: int) -> list[str]:
    """As many as fit, whole; the others by their names."""
    lines: list[str] = []
    for number, finding in enumerate(findings, start=1):
        told = _finding(number, finding)
        rest = len(findings) - number
        if lines and len(lines) + len(told) + (1 if rest else 0) > room:
            names = ", ".join(other.rule for other in findings[number - 1 :])
            return [*lines, f"and: {names}"[:COLUMNS]]
        lines += told
    return lines


def _finding(number: int, finding: Finding) -> list[str]:
    parts = (("What", finding.what), ("Seen", finding.evidence), ("Do", finding.next_step))
    told = [line for label, text in parts for line in _wrapped(f"   {label}", text)]
    return [f"{number}. {finding.rule}", *told]


def _wrapped(label: str, text: str, *, most: int = LINES_OF_ONE) -> list[str]:
    lines = textwrap.wrap(
        text, COLUMNS - LABEL, max_lines=most, placeholder=" …", break_on_hyphens=False
    ) or [""]
    begins = [label.ljust(LABEL), *[" " * LABEL] * (len(lines) - 1)]
    return [f"{begin}{line}".rstrip() for begin, line in zip(begins, lines, strict=True)]


def _unseen(entries: Iterable[str]) -> list[str]:
    every = list(entries)
    if not every:
        return []
    return ["", *_wrapped("Not seen", "; ".join(every))]
