"""Mutants: tables are found by their form, each mistake is put in its place, survivors are told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

import mutant_code
import mutant_tables
import mutants
from mutant_runs import BROKEN, DIES, EQUIVALENT, LIVES, Mutant
from mutant_runs import tried as ends
from mutant_tables import Found, Points

TABLE = """
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Move, Rule, Verdict
from dataclasses import dataclass

@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    is_there: bool
    is_late: bool

def _is_late(f): return f.is_there and f.is_late
def count(number): return 3 if number < 2 else 4

BEGINNINGS: tuple[Rule[Facts], ...] = (
    Rule(name="none", when=lambda f: not f.is_there, verdict=Verdict.HELD, message=""),
)
RULES = (
    *BEGINNINGS,
    Rule(name="late", when=_is_late, verdict=Verdict.FAILED, message=""),
    Rule(name="goes", when=lambda _: True, verdict=Verdict.GO, move=Move.MAKE_CLUSTER, message=""),
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    is_there: bool = True
    is_late: bool = False


@pytest.fixture
def module(tmp_path: Path) -> Iterator[ModuleType]:
    """A module with a table, known as one of ours."""
    name = "support.a_table"
    path = tmp_path / "a_table.py"
    path.write_text(TABLE)
    found = ModuleType(name)
    found.__file__ = str(path)
    sys.modules[name] = found
    exec(mutant_code.compiled(TABLE, found), vars(found))  # noqa: S102
    yield found
    del sys.modules[name]


@pytest.fixture
def table(module: ModuleType) -> Found:
    (found,) = mutant_tables.tables([module])
    return found


def words(table: Found) -> list[str]:
    return [change.words for change in mutant_tables.changes(table, [table])]


def spoilt(table: Found, said: str) -> mutant_tables.Change:
    return next(it for it in mutant_tables.changes(table, [table]) if it.words == said)


def test_the_table_is_found_with_its_parts_and_its_facts(module: ModuleType, table: Found) -> None:
    assert [rule.name for rule in table.rules] == ["none", "late", "goes"]
    assert table.parts == (module.BEGINNINGS,)
    assert table.facts is module.Facts


@pytest.mark.parametrize("value", [(), (1, 2), [], "x", (Facts(),)])
def test_what_is_no_table_of_rules_is_none(value: object) -> None:
    assert not mutant_tables.is_table(value)


def test_every_rule_is_broken_in_every_way(table: Found) -> None:
    for name in ("none", "late", "goes"):
        for how in ("is dropped", "asks the opposite", "always matches", "never matches"):
            assert f"{name} {how}" in words(table)
    assert "none stands after late" in words(table)
    assert "late says go make_cluster" in words(table)
    assert "late says failed nothing" not in words(table)
    assert len(set(words(table))) == len(words(table))


def test_a_mutant_stands_wherever_the_table_is_known(module: ModuleType, table: Found) -> None:
    mutant_tables.put_in_place(table, spoilt(table, "none is dropped"))
    assert [rule.name for rule in module.RULES] == ["late", "goes"]
    assert module.BEGINNINGS == ()


def test_two_rules_change_places_only_where_both_stand(module: ModuleType, table: Found) -> None:
    mutant_tables.put_in_place(table, spoilt(table, "none stands after late"))
    assert [rule.name for rule in module.RULES] == ["late", "none", "goes"]
    assert [rule.name for rule in module.BEGINNINGS] == ["none"]


@pytest.mark.parametrize(
    ("said", "is_equivalent"),
    [
        ("none stands after late", True),  # late asks is_there, too
        ("goes never matches", False),
        ("late is dropped", False),
        ("late says held nothing", False),
        ("goes always matches", True),
    ],
)
def test_a_mutant_that_decides_nothing_differently_is_known(
    table: Found, said: str, is_equivalent: bool
) -> None:
    points = Points.of(table, None)
    assert points is not None
    assert points.are_decided_as_before(spoilt(table, said).of(table.rules)) is is_equivalent


def test_points_that_can_not_be_do_not_count(table: Found) -> None:
    points = Points.of(table, lambda f: not f.is_late)
    assert points is not None
    assert points.are_decided_as_before(spoilt(table, "late is dropped").of(table.rules))


def slip(module: ModuleType, said: str) -> mutant_code.Slip:
    found = {it.words: it for it in mutant_code.slips(module, TABLE)}
    assert said in found, sorted(found)
    return found[said]


@pytest.mark.parametrize(
    ("said", "answers"),
    [
        ("count: number < 2 becomes number <= 2", [3, 3, 4]),
        ("count: 3 becomes 4", [4, 4, 4]),
        ("count: 2 becomes 3", [3, 3, 4]),
    ],
)
def test_a_slip_is_put_into_the_function_that_lives(
    module: ModuleType, said: str, answers: list[int]
) -> None:
    before = mutant_code.compiled(TABLE, module)
    functions = mutant_code.functions_of(module)
    mutant_code.put_in_place(slip(module, said), before, functions)
    assert [module.count(number) for number in (1, 2, 3)] == answers


def test_a_slip_reaches_the_lambda_that_only_a_rule_knows(module: ModuleType) -> None:
    before = mutant_code.compiled(TABLE, module)
    functions = mutant_code.functions_of(module)
    said = "none: not f.is_there becomes not not f.is_there"
    mutant_code.put_in_place(slip(module, said), before, functions)
    assert module.RULES[0].when(Facts(is_there=True))


def test_and_becomes_or(module: ModuleType) -> None:
    assert slip(module, "_is_late: f.is_there and f.is_late becomes f.is_there or f.is_late")


def tried(spoil: Callable[[], bool], test: Path) -> int:
    mutant = Mutant(words="x: y", where="x.py:1", spoil=spoil, stages=((test,),))
    ((_, end),) = ends([mutant])
    return end


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("def test_it() -> None: pass", LIVES),
        ("def test_it() -> None: assert False", DIES),
        ("raise ImportError", DIES),
    ],
)
def test_what_no_test_notices_lives(tmp_path: Path, text: str, end: int) -> None:
    test = tmp_path / "test_it.py"
    test.write_text(text)
    assert tried(lambda: True, test) == end


def test_an_equivalent_mutant_is_not_tried(tmp_path: Path) -> None:
    assert tried(lambda: False, tmp_path / "no_such_test.py") == EQUIVALENT


def test_a_mutant_that_can_not_be_made_is_no_kill(tmp_path: Path) -> None:
    def spoil() -> bool:
        raise ValueError("no such code")

    assert tried(spoil, tmp_path / "no_such_test.py") == BROKEN


def test_a_test_that_fails_anyway_kills_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    green, red = tmp_path / "test_green.py", tmp_path / "test_red.py"
    green.write_text("def test_it() -> None: pass")
    red.write_text("def test_it() -> None: assert False")
    assert mutants.failing({(green, red)}) == {red}
    assert "test_red.py" in capsys.readouterr().out
    mutant = Mutant(words="x", where="x", spoil=lambda: True, stages=((red,), (green, red)))
    assert mutants.without({red}, mutant).stages == ((green,),)


def told(*ends: int, known: dict[str, str] | None = None) -> int:
    found = [
        Mutant(words=f"x: {place}", where="x.py", spoil=lambda: True, stages=())
        for place, _ in enumerate(ends)
    ]
    return mutants.report(iter(zip(found, ends, strict=True)), known or {}, found)


def test_the_last_line_sums_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(DIES, -9, EQUIVALENT) == 0
    assert capsys.readouterr().out == "3 mutants, 2 killed, 0 survived, 1 equivalent\n"


def test_a_survivor_is_told_with_its_place_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(LIVES, DIES) == 1
    assert capsys.readouterr().out.startswith("survived: x: 0\n    x.py\n")


def test_an_equivalent_on_the_list_that_is_none_any_more_fails() -> None:
    assert told(DIES, known={"x: gone": "because"}) == 1
    assert told(DIES, known={"y: of another table": "because"}) == 0
