"""Write each role's README from its meta/argument_specs.yml, between two markers.

What stands outside the markers is written by hand and stays. `--check` writes nothing
and fails when a README is missing or stale.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import yaml

BEGIN, END = "<!-- begin: from argument_specs -->", "<!-- end: from argument_specs -->"
HEAD = "| Variable | Type | Default | What it does |\n|---|---|---|---|\n"


def lines(text: str | list[str]) -> str:
    joined = " ".join([text] if isinstance(text, str) else text)
    plain = re.sub(r"[A-Z]\(([^()]*)\)", r"`\1`", joined)
    return " ".join(plain.split()).replace("|", "\\|")


def default(option: dict[str, Any]) -> str:
    if option.get("required"):
        return "**required**"
    value = option.get("default")
    if value in (None, ""):
        return ""
    return f"`{str(value).lower() if value in (True, False) else value}`"


def kind(option: dict[str, Any]) -> str:
    name = str(option.get("type", "str"))
    if "elements" in option:
        name += f" of {option['elements']}"
    if "choices" in option:
        name += ": " + ", ".join(f"`{c}`" for c in option["choices"])
    return name


def rows(options: dict[str, Any], prefix: str = "") -> str:
    text = ""
    for name, option in options.items():
        what = lines(option.get("description", ""))
        text += f"| `{prefix}{name}` | {kind(option)} | {default(option)} | {what} |\n"
        text += rows(option.get("options", {}), f"{prefix}{name}.")
    return text


def table(role: Path) -> str:
    specs = yaml.safe_load((role / "meta/argument_specs.yml").read_text())["argument_specs"]
    parts = [BEGIN]
    for entry, spec in specs.items():
        parts.append(f"## Entry point `{entry}`\n\n{lines(spec['short_description'])}.\n")
        parts.append(lines(spec.get("description", "")) + "\n" if "description" in spec else "")
        options = spec.get("options", {})
        parts.append(HEAD + rows(options) if options else "No variables.\n")
    return "\n".join(p for p in parts if p) + END


def readme(role: Path) -> str:
    path = role / "README.md"
    text = path.read_text() if path.exists() else f"# flinkops.flink.{role.name}\n\n{BEGIN}{END}\n"
    if BEGIN not in text or END not in text:
        text = f"{text.rstrip()}\n\n{BEGIN}{END}\n"
    before, rest = text.split(BEGIN, 1)
    return before + table(role) + rest.split(END, 1)[1]


def main(*, check: bool) -> int:
    stale = []
    for role in sorted(p.parent.parent for p in Path("roles").glob("*/meta/argument_specs.yml")):
        path, wanted = role / "README.md", readme(role)
        if path.exists() and path.read_text() == wanted:
            continue
        stale.append(path)
        if not check:
            path.write_text(wanted)
    for path in stale:
        print(f"{path}: " + ("stale; run `make docs`" if check else "written"))
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
