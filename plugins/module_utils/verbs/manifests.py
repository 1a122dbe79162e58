# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""manifests: the objects that a custom resource becomes, as YAML text, without any cluster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..core.errors import InvalidResource, Problem
from ..core.masking import masked
from ..core.yaml_text import to_yaml
from .custom_resource import nothing_given
from .options import (
    IDENTITY,
    ONE_SOURCE,
    SOURCE,
    Params,
    Result,
    Rules,
    Spec,
    documents_of,
    wanted_of,
)

ARGUMENT_SPEC: Spec = {**IDENTITY, **SOURCE, "dest": {"type": "path"}}
RULES: Rules = {"mutually_exclusive": [ONE_SOURCE], "required_one_of": [ONE_SOURCE]}


def execute(params: Params, check_mode: bool) -> Result:
    wanted = wanted_of(params)
    if wanted is None:
        raise InvalidResource((nothing_given(),))
    objects = wanted.rendered().all()
    rendered: Result = {"text": to_yaml(objects), "warnings": list(wanted.warnings)}
    dest = params.get("dest")
    if dest is None:
        return {"changed": False, **rendered}
    diff = {"before": _shown_file(dest), "after": _shown(objects)}
    changed = _written(Path(dest), rendered["text"], check_mode=check_mode)
    headers = {"before_header": dest, "after_header": dest}
    return {"changed": changed, **rendered, "diff": {**headers, **diff}}


def _written(path: Path, text: str, *, check_mode: bool) -> bool:
    try:
        if path.is_file() and path.read_text("utf-8") == text:
            return False
        if not check_mode:
            path.write_text(text, "utf-8")
    except OSError as unwritten:
        problem = Problem(
            path="dest",
            value=str(path),
            rule=f"must be a file that can be written: {unwritten.strerror}",
            next_step="Make its folder, or name another file.",
        )
        raise InvalidResource((problem,)) from unwritten
    return True


def _shown(objects: Iterable[Mapping[str, Any]]) -> str:
    return to_yaml([masked(item) for item in objects])


def _shown_file(dest: str) -> str:
    """What stands in the file, secrets taken out; nothing where it can't be understood."""
    try:
        return _shown(documents_of(dest))
    except InvalidResource:
        return ""
