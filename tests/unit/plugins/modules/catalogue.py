"""The modules as their files tell them: documentation with its fragments, arguments, examples."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import yaml

from .ways import PLUGINS

ROOT = Path(__file__).parents[4]
MODULES = sorted(file.stem for file in (ROOT / "plugins" / "modules").glob("[!_]*.py"))
ACTIONS = sorted(file.stem for file in (ROOT / "plugins" / "action").glob("[!_]*.py"))


def module(name: str) -> Any:
    return importlib.import_module(f"{PLUGINS}.modules.{name}")


def verb(name: str) -> Any:
    return importlib.import_module(f"{PLUGINS}.module_utils.verbs.{name}")


def documentation(name: str) -> dict[str, Any]:
    """Its own documentation; what it leaves to fragments is filled in from those."""
    own: dict[str, Any] = yaml.safe_load(module(name).DOCUMENTATION)
    merged = {part: dict(own.get(part, {})) for part in ("options", "attributes")}
    for fragment in own.get("extends_documentation_fragment", ()):
        found = _fragment(fragment)
        for part, entries in merged.items():
            merged[part] = {**found.get(part, {}), **entries}
    return {**own, **merged}


def _fragment(name: str) -> dict[str, Any]:
    _, _, file, *part = name.split(".")
    holder = importlib.import_module(f"{PLUGINS}.doc_fragments.{file}").ModuleDocFragment
    text = getattr(holder, part[0].upper() if part else "DOCUMENTATION")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def examples(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(module(name).EXAMPLES)
    return found


def returned(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(module(name).RETURN)
    return found
