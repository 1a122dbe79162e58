# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A forecast told: as plain data, and as a page that a person reads before anything happens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from . import forecast_removal_rules, forecast_rules, restore_rules
from .case import Case
from .forecast import Forecast, Step
from .forecast_objects import fields, objects
from .masking import masked_text
from .plan import Origin, Source, first

LABEL = 14
BY_METADATA = "the one that its HA metadata names"


def told(case: Case, of: Forecast, *, key: str) -> dict[str, Any]:
    """Reasons, identifiers, and masked values; nothing secret."""
    facts = forecast_rules.outlook(case, of)
    interruption = first(forecast_rules.RULES, facts)
    mode = forecast_rules.mode_of(facts).value
    return {
        "application": key,
        "goal": "remove" if of.is_removal else "deploy",
        "because": of.because,
        "message": masked_text(of.message),
        **(_of_a_removal(case, of) if of.is_removal else _of_a_start(mode, of.origin)),
        "interruption": {"because": interruption.name, "message": interruption.message},
        "steps": [_step(step) for step in of.steps],
        "end": {"verdict": of.end.verdict.value, "because": of.end.because},
        "changes": fields(case, of),
        "objects": objects(case, of),
    }


def _step(step: Step) -> dict[str, str]:
    phase = step.phase.value if step.phase else ""
    return {"phase": phase, "move": step.move.value, "because": step.because}


def _of_a_removal(case: Case, of: Forecast) -> dict[str, Any]:
    rule = of.deletion
    why = {"because": rule.name, "message": rule.reason} if rule else {}
    mode = rule.mode.value if rule else forecast_rules.Mode.NONE.value
    return {"mode": mode, "deletion": why, "origin": _kept(case, of)}


def _kept(case: Case, of: Forecast) -> dict[str, str]:
    rule = first(forecast_removal_rules.RULES, forecast_removal_rules.fate(case, of))
    folder = forecast_removal_rules.directory(case)
    source = of.origin.source if of.origin else Source.NONE
    path = of.origin.path if of.origin else ""
    return {
        "kind": "" if source is Source.NONE else source.value,
        "path": masked_text(path) or (BY_METADATA if source is Source.LAST_STATE else ""),
        "because": rule.name,
        "message": masked_text(rule.message.format(directory=folder)),
    }


def _of_a_start(mode: str, origin: Origin | None) -> dict[str, Any]:
    return {"mode": mode, "deletion": {}, "origin": _origin(origin)}


def _origin(origin: Origin | None) -> dict[str, str]:
    if origin is None:
        return {}
    rule = next((rule for rule in restore_rules.RULES if rule.name == origin.because), None)
    return {
        "kind": origin.source.value,
        "path": masked_text(origin.path),
        "because": origin.because,
        "message": rule.message if rule else "",
    }


def page(forecast: dict[str, Any]) -> list[str]:
    """The same on a screen."""
    head = f"plan of {forecast['application']}: {forecast['because']}"
    return [head, *_labelled("", forecast["message"].split("\n")), *_body(forecast)]


def _body(forecast: dict[str, Any]) -> Iterator[str]:
    interruption = forecast["interruption"]
    yield from _labelled("mode", [forecast["mode"], *_why(forecast["deletion"])])
    label = "state" if forecast["goal"] == "remove" else "from"
    yield from _labelled(label, _from(forecast["origin"]))
    yield from _labelled("interruption", [interruption["message"]])
    yield from _labelled("steps", _steps(forecast))
    yield from _labelled("changes", forecast["changes"])
    yield from _labelled("objects", forecast["objects"])


def _why(rule: dict[str, str]) -> list[str]:
    return [f"{rule['because']}: {rule['message']}"] if rule else []


def _from(origin: dict[str, str]) -> list[str]:
    if not origin:
        return ["no start"]
    path = [origin["path"]] if origin["path"] else []
    return [f"{origin['because']}: {origin['message']}", *path]


def _steps(forecast: dict[str, Any]) -> list[str]:
    lines = [
        f"{number}. {step['phase']:<15} {step['move']:<16} {step['because']}"
        for number, step in enumerate(forecast["steps"], start=1)
    ]
    end = forecast["end"]
    return [*lines, f"{'then' if lines else 'nothing'}: {end['because']} ({end['verdict']})"]


def _labelled(label: str, lines: Iterable[str]) -> list[str]:
    begins = f"  {label.ljust(LABEL)}"
    found = []
    for line in lines:
        found.append(f"{begins}{line}".rstrip())
        begins = " " * len(begins)
    return found
