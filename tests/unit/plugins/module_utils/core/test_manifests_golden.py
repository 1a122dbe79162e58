# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each golden case's resource becomes the objects that were recorded for it.

What may differ is listed in docs/adr/0020, and nowhere else but in `settled` below.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.flinkops.flink.plugins.module_utils.core.manifests import render
from ansible_collections.flinkops.flink.plugins.module_utils.core.parse import parse
from ansible_collections.flinkops.flink.plugins.module_utils.core.start import first_start
from support.api_server import stored

GOLDEN = Path(__file__).parents[4] / "golden"
CASES = sorted(path.parent.name for path in GOLDEN.glob("*/cr.yaml"))
FILES_OF_THE_OTHER_OPERATOR = re.compile(r"kubernetes\.pod-template-file\.")
JOB_ID = "$internal.pipeline.job-id"
DEFAULT_LOG = "<the operator's default>"

Objects = dict[tuple[str, str], dict[str, Any]]


def recorded(case: str) -> Objects:
    text = (GOLDEN / case / "objects.yaml").read_text()
    return by_name(yaml.safe_load_all(text))


def rendered(case: str) -> Objects:
    cr = yaml.safe_load((GOLDEN / case / "cr.yaml").read_text())
    deployment = parse(cr, namespace="golden")
    manifests = render(deployment, base={}, start=first_start(deployment))
    return by_name(stored(found) for found in manifests.all())


def by_name(objects: Any) -> Objects:
    return {(found["kind"], found["metadata"]["name"]): settled(found) for found in objects}


def settled(found: dict[str, Any]) -> dict[str, Any]:
    """Configuration as keys and values; what differs in each run made one."""
    if found["kind"] == "ConfigMap":
        found["data"] = {name: file(name, text) for name, text in found["data"].items()}
    return found


def file(name: str, text: str) -> Any:
    if name == "flink-conf.yaml":
        flat: dict[str, Any] = dict(line.split(": ", 1) for line in text.splitlines())
    elif name == "config.yaml":
        flat = dict(flattened(yaml.safe_load(text)))
    elif name.endswith(".yaml"):
        return yaml.safe_load(text)
    else:
        return DEFAULT_LOG if "Reread" in text or 'scan="true"' in text else text
    if JOB_ID in flat:
        flat[JOB_ID] = "<job id>"
    return {k: v for k, v in flat.items() if not FILES_OF_THE_OTHER_OPERATOR.match(k)}


def flattened(node: Any, prefix: str = "") -> Any:
    for key, value in node.items():
        if isinstance(value, dict):
            yield from flattened(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


@pytest.mark.parametrize("case", CASES)
def test_a_resource_becomes_the_objects_that_were_recorded(case: str) -> None:
    wanted, made = recorded(case), rendered(case)
    assert made.keys() == wanted.keys()
    for name, found in wanted.items():
        assert made[name] == found


@pytest.mark.parametrize("case", [case for case in CASES if case.startswith("native")])
def test_the_pod_template_of_taskmanagers_is_the_same_text(case: str) -> None:
    key = "taskmanager-pod-template.yaml"

    def texts(objects: Any) -> list[str]:
        maps = (found["data"] for found in objects if found["kind"] == "ConfigMap")
        return [data[key] for data in maps if key in data]

    cr = yaml.safe_load((GOLDEN / case / "cr.yaml").read_text())
    deployment = parse(cr, namespace="golden")
    manifests = render(deployment, base={}, start=first_start(deployment))
    wanted = texts(yaml.safe_load_all((GOLDEN / case / "objects.yaml").read_text()))
    assert texts(manifests.all()) == wanted
