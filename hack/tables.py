"""Write docs/tables from the tables of rules in the code; --check tells if they differ."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / ".tree"))

from ansible_collections.flinkops.flink.plugins.module_utils.core import (
    deploy_rules,
    remove_rules,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Rule

TABLES: dict[str, tuple[str, Sequence[Rule[Any]]]] = {
    "deploy": ("from a custom resource to a running application", deploy_rules.RULES),
    "remove": ("from whatever there is to nothing left", remove_rules.RULES),
}
HEAD = """# {name}: {what}

The first rule that matches decides. Its name is the reason that status, events and output give.
Written by `hack/tables.py` from `plugins/module_utils/core/{name}_rules.py`.

| | Rule | Verdict | Move | Message | Next step |
|---|---|---|---|---|---|
"""


def files() -> Iterator[tuple[Path, str]]:
    for name, (what, rules) in TABLES.items():
        rows = "".join(row(number, rule) for number, rule in enumerate(rules, 1))
        yield ROOT / "docs" / "tables" / f"{name}.md", HEAD.format(name=name, what=what) + rows


def row(number: int, rule: Rule[Any]) -> str:
    move = "" if rule.move == "nothing" else str(rule.move)
    said = (rule.message.replace("|", "\\|"), rule.next_step.replace("|", "\\|"))
    return f"| {number} | `{rule.name}` | {rule.verdict} | {move} | {said[0]} | {said[1]} |\n"


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
