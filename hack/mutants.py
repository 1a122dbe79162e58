"""mutants.py [TABLE …] [--list] [--changed]: break each rule on purpose; the tests must notice.

Each mutant is tried in a fork of one process that has everything imported, with the tests of its
module alone (its mirror; where that lets it live, those that import the module, too). A survivor
is printed with what was changed. What is known to be no mistake stands, with its reason, in
hack/equivalent_mutants.txt.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / ".tree"), str(ROOT / "tests"), str(ROOT / "hack")]

from hypothesis import settings

import mutant_code
import mutant_tables
from mutant_runs import BROKEN, DIES, EQUIVALENT, LIVES, Mutant, ended, forked, tests, tried

UTILS = "ansible_collections.flinkops.flink.plugins.module_utils"
SOURCE = ROOT / "plugins" / "module_utils"
TESTS = ROOT / "tests" / "unit" / "plugins" / "module_utils"
EQUIVALENTS = ROOT / "hack" / "equivalent_mutants.txt"
IMPORTS = re.compile(r"^(?:from|import) [^(\n]*(?:\([^)]*\))?", re.MULTILINE)
DECIDING = (TESTS / "core" / "test_decide.py", TESTS / "verbs" / "test_turn.py")
SLOW = ("_with_faults", "_golden")
TIMES = ("deadlines",)
"""No table of rules, and as much a decision: when a phase counts as failed."""


def main(arguments: Sequence[str]) -> int:
    asked = parsed(arguments)
    everything = imported()
    usual = with_rules(list(everything.values())) | {everything[name].__name__ for name in TIMES}
    chosen = {name: it for name, it in everything.items() if is_asked(it, usual, asked)}
    if unknown := set(asked.tables) - set(chosen):
        print(f"no module of the core with rules or facts: {', '.join(sorted(unknown))}")
        return 2
    known = equivalents()
    found = list(mutants(list(everything.values()), list(chosen.values())))
    if asked.list:
        print("\n".join(mutant.words for mutant in found))
        return 0
    red = failing({stage for mutant in found for stage in mutant.stages})
    trying = [without(red, mutant) for mutant in found if mutant.words not in known]
    return report(tried(trying), known, found) or 2 * bool(red)


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[2])
    parser.add_argument("tables", nargs="*", help="modules of the core: stop_rules, caring, …")
    parser.add_argument("--list", action="store_true", help="print the mutants, try none")
    parser.add_argument("--changed", action="store_true", help="only what differs from HEAD")
    return parser.parse_args(arguments)


def imported() -> dict[str, ModuleType]:
    """Everything that tests import, so that each fork starts with it; the core's modules."""
    settings.register_profile(
        "mutants", max_examples=10, derandomize=True, database=None, deadline=None
    )
    core: dict[str, ModuleType] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        name = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        module = imported_if_possible(f"{UTILS}.{name}")
        if module and name.startswith("core."):
            core[name.removeprefix("core.")] = module
    for path in sorted((ROOT / "tests" / "support").glob("*.py")):
        imported_if_possible(f"support.{path.stem}")
    return core


def imported_if_possible(name: str) -> ModuleType | None:
    """What can't be imported fails the tests that need it, not all others."""
    try:
        return importlib.import_module(name)
    except Exception as failed:  # noqa: BLE001
        print(f"left out: {name}: {failed}", file=sys.stderr)
        return None


def with_rules(everything: list[ModuleType]) -> set[str]:
    """Modules with tables, and those that find the facts which the tables ask."""
    found = mutant_tables.tables(everything)
    return {table.module.__name__ for table in found} | {
        table.facts.__module__ for table in found if table.facts
    }


def is_asked(module: ModuleType, usual: set[str], asked: argparse.Namespace) -> bool:
    if asked.tables:
        return short(module) in asked.tables
    return module.__name__ in usual and (not asked.changed or is_changed(module))


def short(module: ModuleType) -> str:
    return module.__name__.partition(".core.")[2]


def is_changed(module: ModuleType) -> bool:
    """It, or a test that is tried on it, differs from HEAD."""
    files = [file_of(module), *(path for stage in stages(module) for path in stage)]
    told = ["git", "status", "--porcelain", "--", *map(str, files)]
    return bool(subprocess.run(told, cwd=ROOT, check=True, capture_output=True).stdout)


def file_of(module: ModuleType) -> Path:
    return Path(str(module.__file__)).resolve()


@cache
def stages(module: ModuleType) -> tuple[tuple[Path, ...], ...]:
    """First the mirror; then the tests that import the module, and those that decide by it."""
    mirror = mirror_of(module)
    known = [file_of(module).stem]
    if not mirror.exists():
        known += [path.stem for path in SOURCE.glob("core/*.py") if is_named(known[0], path)]
    others = {
        path
        for path in TESTS.glob("*/test_*.py")
        if not path.stem.endswith(SLOW) and any(is_named(name, path) for name in known)
    }
    through = DECIDING if mutant_tables.decides(module) else ()
    first = (mirror,) if mirror.exists() else ()
    then = sorted({*others, *through} - {mirror})
    return tuple(stage for stage in (first, tuple(path for path in then if path.exists())) if stage)


def is_named(name: str, by: Path) -> bool:
    """The file imports that module."""
    return re.search(rf"\b{name}\b", "\n".join(IMPORTS.findall(by.read_text()))) is not None


def mirror_of(module: ModuleType) -> Path:
    path = file_of(module).relative_to(SOURCE)
    return TESTS / path.with_name(f"test_{path.name}")


def mutants(everything: list[ModuleType], chosen: list[ModuleType]) -> Iterator[Mutant]:
    every_table = mutant_tables.tables(everything)
    for module in chosen:
        mine = [found for found in every_table if found.module is module]
        points = [(found, mutant_tables.Points.of(found, possible(module))) for found in mine]
        for found, space in points:
            for change in mutant_tables.changes(found, every_table):
                yield of_a_table(found, change, space)
        yield from of_its_code(module, points)


def possible(module: ModuleType) -> Callable[[Any], bool] | None:
    """What the table's own test calls a point that can be."""
    path = mirror_of(module)
    spec = importlib.util.spec_from_file_location(f"mirror_{path.stem}", path)
    if not path.exists() or spec is None or spec.loader is None:
        return None
    test = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(test)
    except Exception:  # noqa: BLE001  # that it can't be imported is told by its own run
        return None
    found: Callable[[Any], bool] | None = getattr(test, "is_possible", None)
    return found


def of_a_table(
    found: mutant_tables.Found, change: mutant_tables.Change, points: mutant_tables.Points | None
) -> Mutant:
    def spoil() -> bool:
        if points and points.are_decided_as_before(change.of(found.rules)):
            return False
        mutant_tables.put_in_place(found, change)
        return True

    return Mutant(
        words=f"{short(found.module)}: {change.words}",
        where=str(file_of(found.module).relative_to(ROOT)),
        spoil=spoil,
        stages=stages(found.module),
    )


Spaces = list[tuple[mutant_tables.Found, mutant_tables.Points | None]]


def of_its_code(module: ModuleType, spaces: Spaces) -> Iterator[Mutant]:
    source = file_of(module).read_text()
    before, functions = (
        mutant_code.compiled(source, module),
        mutant_code.functions_of(module),
    )
    can_tell = bool(spaces) and all(points for _, points in spaces)

    for slip in mutant_code.slips(module, source):

        def spoil(slip: mutant_code.Slip = slip) -> bool:
            mutant_code.put_in_place(slip, before, functions)
            return not can_tell or not all(
                points.are_decided_as_before(found.rules) for found, points in spaces if points
            )

        yield Mutant(
            words=f"{short(module)}: {slip.words}",
            where=f"{file_of(module).relative_to(ROOT)}:{slip.line}",
            spoil=spoil,
            stages=stages(module),
        )


def equivalents() -> dict[str, str]:
    """Mutants that are no mistakes, each with its reason."""
    lines = EQUIVALENTS.read_text().splitlines() if EQUIVALENTS.exists() else []
    parts = [line.partition("  # ") for line in lines if line and not line.startswith("#")]
    return {words.strip(): reason for words, _, reason in parts}


def failing(all_stages: set[tuple[Path, ...]]) -> set[Path]:
    """Tests that fail without any mutant: they would kill each, so they are left out, and told."""
    files = sorted({path for stage in all_stages for path in stage})
    if ended(forked(partial(tests, tuple(files)))) == LIVES:
        return set()
    red = {path for path in files if ended(forked(partial(tests, (path,)))) != LIVES}
    for path in sorted(red):
        print(f"left out, for it fails without any mutant: {path.relative_to(ROOT)}")
    return red


def without(red: set[Path], mutant: Mutant) -> Mutant:
    stages = (tuple(path for path in stage if path not in red) for stage in mutant.stages)
    return replace(mutant, stages=tuple(stage for stage in stages if stage))


def report(ends: Iterator[tuple[Mutant, int]], known: dict[str, str], found: list[Mutant]) -> int:
    count = {LIVES: 0, DIES: 0, EQUIVALENT: 0, BROKEN: 0}
    for mutant, ended_by in ends:
        end = ended_by if ended_by in count else DIES
        count[end] += 1
        if end in (LIVES, BROKEN):
            print(f"{'survived' if end == LIVES else 'broken'}: {mutant.words}\n    {mutant.where}")
    words = {mutant.words for mutant in found}
    count[EQUIVALENT] += len(words & set(known))
    modules = {text.partition(":")[0] for text in words}
    gone = [text for text in known if text.partition(":")[0] in modules and text not in words]
    for text in gone:
        print(f"no such mutant any more: {text}\n    {EQUIVALENTS.relative_to(ROOT)}")
    print(
        f"{len(found)} mutants, {count[DIES]} killed, {count[LIVES]} survived, "
        f"{count[EQUIVALENT]} equivalent" + (f", {count[BROKEN]} broken" if count[BROKEN] else "")
    )
    return int(bool(count[LIVES] or count[BROKEN] or gone))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
