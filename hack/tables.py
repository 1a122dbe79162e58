"""Write docs/tables from the tables of rules in the code; --check tells if they differ."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / ".tree"), str(ROOT / "tests"), str(ROOT / "hack")]

import deadline_page
from ansible_collections.flinkops.flink.plugins.module_utils.core import (
    asking,
    boost_rules,
    care_rules,
    deletion_mode,
    difference_rules,
    forecast_removal_rules,
    forecast_rules,
    health_rules,
    intent,
    refusing,
    remove_rules,
    restore_rules,
    retention_rules,
    served,
    snapshot_answer,
    snapshot_rules,
    start_rules,
    stop_rules,
    suspended,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Effect,
    Move,
    Rule,
    Source,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.verb import MEANINGS

TABLES: dict[str, tuple[str, str, Sequence[Rule[Any]]]] = {
    "served": ("what others say of a resource that an operator serves", "served", served.RULES),
    "refusing": ("what is refused before anything else is asked", "refusing", refusing.RULES),
    "start": (
        "a first start, and one that is written ahead",
        "start_rules",
        start_rules.RULES,
    ),
    "stop": ("from a running application to its next start", "stop_rules", stop_rules.RULES),
    "care": ("an application that is to go on as it is", "care_rules", care_rules.RULES),
    "health": ("a running job's own health", "health_rules", health_rules.RULES),
    "suspended": ("an application at rest", "suspended", suspended.RULES),
    "restore": ("which state a start comes from", "restore_rules", restore_rules.RULES),
    "snapshot": (
        "snapshots of a running job",
        "snapshot_rules",
        snapshot_rules.RULES,
    ),
    "forecast-removal": (
        "what becomes of a job's state by its removal",
        "forecast_removal_rules",
        forecast_removal_rules.RULES,
    ),
    "snapshot-answer": (
        "what became of a snapshot that was asked for, whoever serves the resource",
        "snapshot_answer",
        snapshot_answer.RULES,
    ),
    "asking": ("words of a person that nothing would come of", "asking", asking.RULES),
    "forecast": (
        "how long a job is away, by the plan that `--check --diff` shows",
        "forecast_rules",
        forecast_rules.RULES,
    ),
    "remove": ("from whatever there is to nothing left", "remove_rules", remove_rules.RULES),
}
HEAD = """# {name}: {what}

The first rule that matches decides. Its name is the reason that status, events and output give.
Written by `hack/tables.py` from `plugins/module_utils/core/{module}.py`.

"""
DIFFERENCE_HEAD = """# difference: what a change of each field asks of what runs

The first row that fits a changed field decides; the highest class of all changed fields is the
difference's own: {order}.
Written by `hack/tables.py` from `plugins/module_utils/core/difference_rules.py`.

| | Rule | Class | Fields | Reason |
|---|---|---|---|---|
"""
BOOST_HEAD = """# boost: what forbids a start-up boost

The first rule that matches decides, and the start is made without it; none: it is boosted.
Written by `hack/tables.py` from `plugins/module_utils/core/boost_rules.py`.

| | Rule | Message |
|---|---|---|
"""
VERBS_HEAD = """# verbs: what a person may ask for beside the spec

Spoken by the annotation `flinkops.flink/verb` on the resource, by the playbook, or by
`-e deploy_verb=VERB`. An annotation is taken off once it is served; one that is none of these
stays, and is told: condition `VerbRefused`, reason `the_verb_is_not_known`.
Written by `hack/tables.py` from `plugins/module_utils/core/verb.py`.

| Verb | What it says | Playbook |
|---|---|---|
"""
Cell = Callable[[Rule[Any]], str]
BEFORE: Mapping[str, Cell] = {
    "Rule": lambda rule: f"`{rule.name}`",
    "Verdict": lambda rule: str(rule.verdict),
    "Move": lambda rule: "" if rule.move is Move.NOTHING else str(rule.move),
}
WHERE_ANY: Mapping[str, Cell] = {
    "Effect": lambda rule: "" if rule.effect is Effect.NONE else str(rule.effect),
    "Phase": lambda rule: str(rule.phase or ""),
    "Source": lambda rule: "" if rule.source is Source.NONE else str(rule.source),
}
"""Columns of the tables that have such a thing at all."""
AFTER: Mapping[str, Cell] = {
    "Message": lambda rule: rule.message.replace("|", "\\|"),
    "Next step": lambda rule: rule.next_step.replace("|", "\\|"),
}


def files() -> Iterator[tuple[Path, str]]:
    yield ROOT / "docs" / "tables" / "difference.md", difference()
    yield ROOT / "docs" / "tables" / "verbs.md", verbs()
    yield ROOT / "docs" / "tables" / "boost.md", boost()
    yield ROOT / "docs" / "tables" / "deletion.md", deletion()
    yield ROOT / "docs" / "tables" / "deadlines.md", deadline_page.page()
    yield ROOT / "docs" / "tables" / "intent.md", intents()
    yield ROOT / "docs" / "tables" / "retention.md", retention()
    for name, (what, module, rules) in TABLES.items():
        head = HEAD.format(name=name, what=what, module=module)
        yield ROOT / "docs" / "tables" / f"{name}.md", head + printed(rules)


def printed(rules: Sequence[Rule[Any]]) -> str:
    columns = {**BEFORE, **_columns_with_something(rules), **AFTER}
    head = f"| | {' | '.join(columns)} |\n{'|---' * (len(columns) + 1)}|\n"
    rows = (_row(number, rule, columns.values()) for number, rule in enumerate(rules, 1))
    return head + "".join(rows)


def _columns_with_something(rules: Sequence[Rule[Any]]) -> Mapping[str, Cell]:
    return {name: cell for name, cell in WHERE_ANY.items() if any(map(cell, rules))}


def _row(number: int, rule: Rule[Any], cells: Iterable[Cell]) -> str:
    return f"| {number} | {' | '.join(cell(rule) for cell in cells)} |\n"


def difference() -> str:
    rows = "".join(
        f"| {number} | `{rule.name}` | {rule.change} "
        f"| {', '.join(f'`{path}`' for path in rule.paths)} | {rule.reason} |\n"
        for number, rule in enumerate(difference_rules.RULES, 1)
    )
    return DIFFERENCE_HEAD.format(order=" < ".join(difference_rules.Change)) + rows


def boost() -> str:
    rows = (
        f"| {number} | `{rule.name}` | {rule.message} |\n"
        for number, rule in enumerate(boost_rules.RULES, 1)
    )
    return BOOST_HEAD + "".join(rows)


def verbs() -> str:
    rows = "".join(f"| `{it.written}` | {it.says} | `{it.playbook}` |\n" for it in MEANINGS)
    return VERBS_HEAD + rows


DELETION_HEAD = """# deletion: how a job is to end when its resource is removed

The first rule that matches decides. Whether what it says can be had is the remove table's matter.
Written by `hack/tables.py` from `plugins/module_utils/core/deletion_mode.py`.

| | Rule | Mode | Reason |
|---|---|---|---|
"""


def deletion() -> str:
    rows = "".join(
        f"| {number} | `{rule.name}` | {rule.mode} | {rule.reason} |\n"
        for number, rule in enumerate(deletion_mode.RULES, 1)
    )
    return DELETION_HEAD + rows


INTENT_HEAD = """# intent: what is to become of a running application

The first rule that matches decides; how it comes about is the stop table's matter (stop.md), and
of `none` the care table's (care.md).
Written by `hack/tables.py` from `plugins/module_utils/core/intent.py`.

| | Rule | Intent | Reason |
|---|---|---|---|
"""
RETENTION_HEAD = """# retention: which savepoints of the history are disposed of

Asked of each entry; the first rule that matches decides.
Written by `hack/tables.py` from `plugins/module_utils/core/retention_rules.py`.

| | Rule | | Reason |
|---|---|---|---|
"""


def intents() -> str:
    rows = (
        f"| {number} | `{rule.name}` | {rule.intent} | {rule.reason} |\n"
        for number, rule in enumerate(intent.RULES, 1)
    )
    return INTENT_HEAD + "".join(rows)


def retention() -> str:
    rows = (
        f"| {number} | `{rule.name}` | {'goes' if rule.goes else 'stays'} | {rule.reason} |\n"
        for number, rule in enumerate(retention_rules.RULES, 1)
    )
    return RETENTION_HEAD + "".join(rows)


def main() -> int:
    stale = [file for file, new in files() if not file.exists() or file.read_text() != new]
    if "--check" in sys.argv:
        print("".join(f"{file.relative_to(ROOT)} differs: run hack/tables.py\n" for file in stale))
        return int(bool(stale))
    for file, new in files():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
