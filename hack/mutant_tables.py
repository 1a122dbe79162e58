"""Tables of rules, found in the core by their form, and what can be wrong with one of them.

A table is a tuple of named rules; a rule has `when` (or `find`). Where the facts of a table are a
finite space, a mutant that decides no possible point differently is known to be equivalent.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Move,
    Rule,
    Verdict,
    first,
)
from support.space import Region, Space

RuleLike = Any
Table = tuple[RuleLike, ...]
BESIDES = ("effect", "phase", "source")
"""What a rule says beside its verdict and its move."""
OURS = ("ansible_collections.flinkops.", "support.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A table: where it stands, and the smaller tables of its module that it is made of."""

    module: ModuleType
    rules: Table
    parts: tuple[Table, ...]
    facts: type | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What stands in the place of rules, by the rule's id; `together`: all of them or none."""

    words: str
    instead: Mapping[int, Table]
    together: bool = False

    def of(self, rules: Table) -> Table:
        there = {id(rule) for rule in rules} & set(self.instead)
        if not there or (self.together and len(there) < len(self.instead)):
            return rules
        return tuple(new for old in rules for new in self.instead.get(id(old), (old,)))


def is_table(value: object) -> bool:
    return isinstance(value, tuple) and len(value) > 0 and all(is_rule(rule) for rule in value)


def is_rule(value: object) -> bool:
    asks = getattr(value, "when", getattr(value, "find", None))
    return is_dataclass(value) and isinstance(getattr(value, "name", None), str) and callable(asks)


def tables(modules: Sequence[ModuleType]) -> list[Found]:
    """The tables that each module writes down itself, without those that are part of another."""
    found = []
    for module in modules:
        own = {name: value for name, value in _assigned(module) if is_table(value)}
        for rules in own.values():
            others = [other for other in own.values() if other is not rules]
            if not any(_holds(other, rules) for other in others):
                parts = tuple(other for other in others if _holds(rules, other))
                found.append(_found(module, own, rules, parts))
    return found


def _found(module: ModuleType, own: Mapping[str, Table], rules: Table, parts: Any) -> Found:
    told = get_type_hints(module)
    hints = [told[name] for name, table in own.items() if table in (rules, *parts) and name in told]
    types = [kind for hint in hints for rule in get_args(hint) for kind in get_args(rule)]
    facts = next((kind for kind in types if isinstance(kind, type)), None)
    return Found(module=module, rules=rules, parts=parts, facts=facts)


def _assigned(module: ModuleType) -> Iterator[tuple[str, Any]]:
    for node in ast.parse(Path(str(module.__file__)).read_text()).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        for target in targets:
            if isinstance(target, ast.Name) and hasattr(module, target.id):
                yield target.id, getattr(module, target.id)


def decides(module: ModuleType) -> bool:
    """It picks moves, or is made of what such a table asks: a turn goes through it."""
    found = tables([module])
    return not found or any(isinstance(rule, Rule) for table in found for rule in table.rules)


def _holds(table: Table, part: Table) -> bool:
    return {id(rule) for rule in part} < {id(rule) for rule in table}


def changes(found: Found, everything: Sequence[Found]) -> Iterator[Change]:
    """Every way in which one rule of the table, or two that stand side by side, can be wrong."""
    for rule in found.rules:
        if found.facts is None and _owner(rule, everything) is not found:
            continue
        yield Change(words=f"{rule.name} is dropped", instead={id(rule): ()})
        asking = _asking(rule) if hasattr(rule, "when") else ()
        saying = _saying(rule, found.rules) if isinstance(rule, Rule) else ()
        for words, other in (*asking, *saying):
            yield Change(words=f"{rule.name} {words}", instead={id(rule): (other,)})
    pairs = zip(found.rules, found.rules[1:], strict=False) if found.facts else ()
    for one, two in pairs:
        words = f"{one.name} stands after {two.name}"
        yield Change(words=words, instead={id(one): (two,), id(two): (one,)}, together=True)


def _owner(rule: RuleLike, everything: Sequence[Found]) -> Found:
    """The smallest table it stands in: a table of tables is proven by the tests of its parts."""
    mine = [found for found in everything if any(rule is other for other in found.rules)]
    return min(mine, key=lambda found: len(found.rules))


def _asking(rule: RuleLike) -> Iterator[tuple[str, RuleLike]]:
    yield "asks the opposite", replace(rule, when=lambda *facts: not rule.when(*facts))
    yield "always matches", replace(rule, when=lambda *_: True)
    yield "never matches", replace(rule, when=lambda *_: False)


def _saying(rule: Rule[Any], table: Table) -> Iterator[tuple[str, RuleLike]]:
    """Another outcome: those that the other rules of the table have, and each verdict alone."""
    outcomes: set[tuple[Verdict, Move]]
    outcomes = {(verdict, Move.NOTHING) for verdict in set(Verdict) - {Verdict.GO}}
    outcomes |= {(other.verdict, other.move) for other in table if isinstance(other, Rule)}
    for verdict, move in sorted(outcomes - {(rule.verdict, rule.move)}):
        yield f"says {verdict} {move}", replace(rule, verdict=verdict, move=move)
    for name in BESIDES:
        others = {getattr(other, name, None) for other in table} - {None, getattr(rule, name, None)}
        for value in sorted(map(str, others)):
            yield f"has the {name} {value}", replace(rule, **{name: _as_enum(others, value)})


def _as_enum(values: Iterable[Any], text: str) -> Any:
    return next(value for value in values if str(value) == text)


def put_in_place(found: Found, change: Change) -> None:
    """Wherever the table is known by a name, in this process; called before tests import it."""
    known = {id(table): change.of(table) for table in (found.rules, *found.parts)}
    for module in [module for name, module in sys.modules.items() if name.startswith(OURS)]:
        for name, value in list(vars(module).items()):
            if id(value) in known:
                setattr(module, name, known[id(value)])
            elif found.facts is None and is_table(value):
                setattr(module, name, change.of(value))


@dataclass(slots=True, kw_only=True)
class Points:
    """What the table decides at every point, to be asked again of a mutant."""

    space: Space[Any]
    is_possible: Callable[[Any], bool] = lambda _: True
    regions: list[Region[Any, tuple[str, ...]]] = field(default_factory=list)

    @classmethod
    def of(cls, found: Found, is_possible: Callable[[Any], bool] | None) -> Points | None:
        """None where the facts are no finite space."""
        if found.facts is None:
            return None
        try:
            space: Space[Any] = Space(found.facts)
        except TypeError:
            return None
        regions = list(space.regions(lambda facts: _answer(found.rules, facts)))
        points = cls(space=space, regions=regions)
        if is_possible is not None:
            points.is_possible = is_possible
        return points

    def are_decided_as_before(self, rules: Table) -> bool:
        """At all points that a look at a cluster can give."""
        return not any(
            point.answer
            for region in self.regions
            for other in self.space.regions(lambda facts: _answer(rules, facts), region.values)
            if other.answer != region.answer
            for point in self.space.regions(self.is_possible, other.values)
        )


def _answer(rules: Table, facts: Any) -> tuple[str, ...]:
    try:
        rule = first(rules, facts)
    except StopIteration:
        return ("no rule matches",)
    return rule.name, *(str(getattr(rule, name, "")) for name in ("verdict", "move", *BESIDES))
