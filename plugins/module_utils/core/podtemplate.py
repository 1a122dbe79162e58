# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Pod templates: the common one and a role's own merged, then what the operator puts into them.

Knows the merge (objects deep, arrays by index or by name) and the main container's name. Refuses
to know Flink's own decorations (objects/). Never changes what it was given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .role_resources import Asked
from .spec import PodTemplate

MAIN_CONTAINER = "flink-main-container"
_STARTUP_PROBE = {
    "httpGet": {"path": "/config", "port": "rest"},
    "periodSeconds": 1,
    "failureThreshold": 2147483647,
}


def merged(
    common: PodTemplate | None, own: PodTemplate | None, *, by_name: bool
) -> dict[str, Any] | None:
    """The role's own template over the common one; None where neither is given."""
    if common is None or own is None:
        given = own if common is None else common
        return None if given is None else dict(given)
    return _objects(common, own, by_name)


def with_resources(template: dict[str, Any] | None, wanted: Asked) -> dict[str, Any] | None:
    """What configuration keys can't say stands in the template's main container."""
    if not wanted.others:
        return template

    def asking(container: Mapping[str, Any]) -> dict[str, Any]:
        resources = dict(container.get("resources") or {})
        for kind, more in wanted.others.items():
            given = resources.get(kind)
            resources[kind] = (
                [*(given or []), *more]
                if kind == "claims"
                else {
                    **(given or {}),
                    **more,
                }
            )
        return {**container, "resources": resources}

    return _with_main(template or {}, asking)


def with_startup_probe(template: dict[str, Any] | None) -> dict[str, Any]:
    """A JobManager is started once it answers; a probe of the user's own stays."""

    def probed(container: Mapping[str, Any]) -> dict[str, Any]:
        if container.get("startupProbe") is not None:
            return dict(container)
        return {**container, "startupProbe": _STARTUP_PROBE}

    return _with_main(template or {}, probed)


def split(template: Mapping[str, Any] | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """The template without its main container, and that container; empty where not given."""
    template = template or {}
    spec = dict(template.get("spec") or {})
    containers = spec.pop("containers", None) or []
    mains = [container for container in containers if container.get("name") == MAIN_CONTAINER]
    others = [container for container in containers if container.get("name") != MAIN_CONTAINER]
    if others:
        spec["containers"] = others
    return {**template, "spec": spec}, dict(mains[-1]) if mains else {}


def _with_main(template: Mapping[str, Any], change: Any) -> dict[str, Any]:
    spec = template.get("spec") or {}
    containers = list(spec.get("containers") or [])
    for index, container in enumerate(containers):
        if container.get("name") == MAIN_CONTAINER:
            containers[index] = change(container)
            break
    else:
        containers.append(change({"name": MAIN_CONTAINER}))
    return {**template, "spec": {**spec, "containers": containers}}


def _deep(base: Any, over: Any, by_name: bool) -> Any:  # noqa: FBT001 - recursive, twice a merge
    if isinstance(base, Mapping) and isinstance(over, Mapping):
        return _objects(base, over, by_name)
    if isinstance(base, list) and isinstance(over, list):
        return _arrays(base, over, by_name)
    return over


def _objects(
    base: Mapping[str, Any],
    over: Mapping[str, Any],
    by_name: bool,  # noqa: FBT001
) -> dict[str, Any]:
    result = dict(base)
    for key, value in over.items():
        if value is not None:
            result[key] = _deep(result.get(key), value, by_name)
    return result


def _arrays(base: list[Any], over: list[Any], by_name: bool) -> list[Any]:  # noqa: FBT001
    """By index only objects merge; of two plain values the common template's stays, as ever."""
    if by_name and _all_named(base) and _all_named(over):
        named = {element["name"]: element for element in base}
        for element in over:
            named[element["name"]] = _deep(named.get(element["name"]), element, by_name)
        return list(named.values())
    both = [
        _deep(one, other, by_name) if isinstance(one, Mapping) else one
        for one, other in zip(base, over, strict=False)
    ]
    return [*both, *base[len(over) :], *over[len(base) :]]


def _all_named(elements: list[Any]) -> bool:
    return all(
        isinstance(element, Mapping) and isinstance(element.get("name"), str)
        for element in elements
    )
