# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""manifests: the objects that a custom resource becomes, as YAML text, without any cluster."""

from __future__ import annotations

from pathlib import Path

from ..core.errors import InvalidResource
from ..core.yaml_text import to_yaml
from .custom_resource import nothing_given
from .options import IDENTITY, SOURCE, Params, Result, Spec, wanted_of

ARGUMENT_SPEC: Spec = {**IDENTITY, **SOURCE, "dest": {"type": "path"}}


def execute(params: Params, check_mode: bool) -> Result:
    wanted = wanted_of(params)
    if wanted is None:
        raise InvalidResource((nothing_given(),))
    text = to_yaml(wanted.rendered().all())
    changed = _written(params.get("dest"), text, check_mode=check_mode)
    return {"changed": changed, "text": text, "warnings": list(wanted.warnings)}


def _written(dest: str | None, text: str, *, check_mode: bool) -> bool:
    if dest is None:
        return False
    path = Path(dest)
    if path.is_file() and path.read_text("utf-8") == text:
        return False
    if not check_mode:
        path.write_text(text, "utf-8")
    return True
