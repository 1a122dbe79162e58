# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Options that several modules share: their argument specs, and what is read from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..core.application import resource_of
from ..core.errors import InvalidResource, Problem
from ..core.wanted import Wanted, understood
from ..kube.api import Access, Api, connect

try:
    import yaml

    YAML_ERROR: ImportError | None = None
except ImportError as missing:
    YAML_ERROR = missing

Params = Mapping[str, Any]
Spec = dict[str, dict[str, Any]]
Result = dict[str, Any]

CONNECTION: Spec = {"kubeconfig": {"type": "path"}, "context": {"type": "str"}}
IDENTITY: Spec = {"name": {"type": "str"}, "namespace": {"type": "str"}}
SOURCE: Spec = {
    "src": {"type": "path"},
    "document": {"type": "int", "default": 0},
    "definition": {"type": "dict"},
    "application": {"type": "dict"},
    "defaults": {"type": "dict", "default": {}},
}


# Keywords of Ansible's argument validators, for the module and for its action alike.
Rules = Mapping[str, Any]
ONE_SOURCE = ("src", "definition", "application")
NAMED: Rules = {
    "mutually_exclusive": [ONE_SOURCE],
    "required_one_of": [("name", *ONE_SOURCE)],
}


def api_of(params: Params) -> Api:
    return connect(Access(kubeconfig=params.get("kubeconfig"), context=params.get("context")))


def wanted_of(params: Params) -> Wanted | None:
    """The resource that the options describe; None where they name one that is stored already."""
    definition = definition_of(params)
    if definition is None:
        return None
    namespace = str(params.get("namespace") or "default")
    return understood(definition, namespace=namespace, defaults=texts(params.get("defaults")))


def identity_of(params: Params, wanted: Wanted | None) -> tuple[str, str]:
    """Name and namespace: a resource's own where one is given, else those of the options."""
    if wanted is not None:
        return wanted.name, wanted.namespace
    return str(params.get("name") or ""), str(params.get("namespace") or "default")


def definition_of(params: Params) -> Mapping[str, Any] | None:
    if params.get("definition") is not None:
        return dict(params["definition"])
    if params.get("application") is not None:
        return resource_of(params["application"])
    if params.get("src") is None:
        return None
    return document_of(str(params["src"]), int(params.get("document") or 0))


def document_of(src: str, position: int) -> Mapping[str, Any]:
    documents = documents_of(src)
    if not 0 <= position < len(documents):
        raise _unreadable(src, f"has no document number {position}", "Count from 0.")
    return documents[position]


def documents_of(src: str) -> list[Mapping[str, Any]]:
    """Every YAML (or JSON) document of a file; InvalidResource says what is wrong with it."""
    if YAML_ERROR is not None:
        raise _unreadable(
            src, "can't be read without PyYAML", "pip install PyYAML."
        ) from YAML_ERROR
    try:
        found = [item for item in yaml.safe_load_all(Path(src).read_text("utf-8")) if item]
    except OSError as unread:
        raise _unreadable(src, f"can't be read: {unread.strerror}", "Check the path.") from unread
    except (yaml.YAMLError, UnicodeDecodeError) as garbled:
        raise _unreadable(src, f"is not YAML: {_where(garbled)}", "Correct the file.") from garbled
    if not found or not all(isinstance(item, dict) for item in found):
        raise _unreadable(src, "must hold custom resources", "Give a FlinkDeployment.")
    return found


def _where(garbled: Exception) -> str:
    # The library's own words quote the file, which may hold a secret.
    mark = getattr(garbled, "problem_mark", None)
    return f"it breaks at line {mark.line + 1}, column {mark.column + 1}" if mark else "not UTF-8"


def _unreadable(src: str, rule: str, next_step: str) -> InvalidResource:
    return InvalidResource((Problem(path=src, value="", rule=rule, next_step=next_step),))


def texts(given: Mapping[str, Any] | None) -> dict[str, str]:
    return {str(key): str(value) for key, value in (given or {}).items()}


def utc_now() -> datetime:
    return datetime.now(UTC)
