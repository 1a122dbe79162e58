# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The ConfigMaps of a cluster: its configuration files, and the TaskManagers' pod template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import flinkconf
from ..computed import PROGRAM_ARGS
from ..yaml_text import quoted_document
from .cluster import Cluster
from .logging_defaults import LOG4J, LOG_FILES, LOGBACK

_DEFAULTS = {"logback-console.xml": LOGBACK, "log4j-console.properties": LOG4J}


def log_files(given: Mapping[str, str] | None) -> dict[str, str]:
    """The user's files, and only those; ours where nothing is said."""
    found = _DEFAULTS if given is None else given
    return {name: found[name] for name in LOG_FILES if found.get(name) is not None}


def files(cluster: Cluster) -> tuple[str, ...]:
    return (*cluster.log_files, flinkconf.name(cluster.version))


def configuration(cluster: Cluster) -> dict[str, Any]:
    lists = {} if cluster.job is None else {PROGRAM_ARGS: cluster.job.args}
    text = flinkconf.text(cluster.conf, version=cluster.version, lists=lists)
    data = {**cluster.log_files, flinkconf.name(cluster.version): text}
    return _config_map(cluster, f"flink-config-{cluster.name}", data)


def worker_template(cluster: Cluster, template: Mapping[str, Any]) -> dict[str, Any]:
    data = {"taskmanager-pod-template.yaml": quoted_document(_compact(template))}
    return _config_map(cluster, f"pod-template-{cluster.name}", data)


def _config_map(cluster: Cluster, name: str, data: Mapping[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": cluster.metadata(name, labels=cluster.labels),
        "data": {key: data[key] for key in sorted(data)},
    }


def _compact(value: Any) -> Any:
    """Without what says nothing: nulls and empty lists."""
    if isinstance(value, Mapping):
        kept = {key: _compact(inner) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if inner is not None and inner != []}
    if isinstance(value, list | tuple):
        return [_compact(inner) for inner in value]
    return value
