# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an API server keeps, in memory: objects with uids, versions and generations."""

from __future__ import annotations

import copy
import marshal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import (
    Absent,
    Forbidden,
)
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import kind_of

T = TypeVar("T")
Object = dict[str, Any]
Key = tuple[str, str, str]

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@dataclass
class Store:
    now: datetime = START
    objects: dict[Key, Object] = field(default_factory=dict)
    counter: int = 0
    specs: dict[tuple[str, int], Object] = field(default_factory=dict)
    """What each generation of a resource said, by its uid."""

    def put(self, item: Object) -> Object:
        """Store it as the API server does: nothing new means no new version."""
        old = self.objects.get(key_of(item))
        metadata = {**item["metadata"]}
        if old is None:
            self.counter += 1
            metadata |= {"uid": f"uid-{self.counter}", "creationTimestamp": stamp(self.now)}
            metadata["generation"] = 1
        elif {**item, "metadata": 0} == {**old, "metadata": 0} and metadata == old["metadata"]:
            return old
        elif item.get("spec") != old.get("spec"):
            metadata["generation"] = old["metadata"]["generation"] + 1
        self.counter += 1
        metadata["resourceVersion"] = str(self.counter)
        self.objects[key_of(item)] = {**item, "metadata": metadata}
        if item["kind"] == "FlinkDeployment":
            self.specs.setdefault((metadata["uid"], metadata["generation"]), item["spec"])
        return self.objects[key_of(item)]

    def chosen(self, kind: str, namespace: str = "", labels: str = "") -> Iterator[Object]:
        wanted = _parts(labels)
        for (found, where, _), item in self.objects.items():
            if found != kind or namespace not in ("", where):
                continue
            has = item["metadata"].get("labels") or {}
            if all(key in has and (not eq or has[key] == value) for key, eq, value in wanted):
                yield item

    def edit(self, name: str, **job: Any) -> None:
        """A person changes fields of spec.job."""
        stored = copied(self.objects["FlinkDeployment", "default", name])
        stored["spec"]["job"] |= job
        self.put(stored)

    def asked_to_go(self, item: Object, *, at_once: bool = True) -> None:
        """What has a finalizer stays until somebody takes the finalizer off."""
        if at_once and not item["metadata"].get("finalizers"):
            del self.objects[key_of(item)]
            return
        metadata = {**item["metadata"]}
        if "deletionTimestamp" not in metadata:
            self.counter += 1
            metadata["deletionTimestamp"] = stamp(self.now)
            metadata["resourceVersion"] = str(self.counter)
            if metadata.get("finalizers") and "generation" in metadata:
                metadata["generation"] += 1
        self.objects[key_of(item)] = {**item, "metadata": metadata}
        if item["kind"] == "FlinkDeployment":
            self.specs[metadata["uid"], metadata["generation"]] = item["spec"]

    def put_or_let_go(self, item: Object) -> Object:
        """The last finalizer is taken off what was asked to go: it goes."""
        if "deletionTimestamp" not in item["metadata"] or item["metadata"].get("finalizers"):
            return self.put(item)
        if item["kind"] != "FlinkDeployment":
            return self.put(item)
        self.objects.pop(key_of(item), None)
        return item

    def check_may_exist(self, definition: Mapping[str, Any]) -> None:
        """Nothing new is made in a namespace that is going."""
        namespace = self.objects.get(("Namespace", "", key_of(definition)[1]))
        if namespace is None or key_of(definition) in self.objects:
            return
        if "deletionTimestamp" in namespace["metadata"]:
            raise Forbidden(f"namespace {namespace['metadata']['name']} is being terminated")

    def there(self, key: Key) -> Object:
        if key not in self.objects:
            raise Absent(f"{key} not found")
        return self.objects[key]


@cache
def _parts(labels: str) -> tuple[tuple[str, str, str], ...]:
    return tuple(part.partition("=") for part in labels.split(",") if part)


def copied(item: T) -> T:
    """What a caller may write into; a tenth of the time of a deep copy, where it is plain JSON."""
    given: Any = item
    try:
        found: T = marshal.loads(marshal.dumps(given))  # noqa: S302 - written a moment ago
    except ValueError:  # a type of somebody's own: a StrEnum, a mapping
        return copy.deepcopy(item)
    return found


def key_of(item: Mapping[str, Any]) -> Key:
    kind = kind_of(item)
    metadata = item["metadata"]
    is_global = kind is not None and not kind.namespaced
    return item["kind"], "" if is_global else metadata.get("namespace", ""), metadata["name"]


def uid_of(item: Mapping[str, Any]) -> str:
    return str(item["metadata"]["uid"])


def stamp(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def merged(
    old: Mapping[str, Any], new: Mapping[str, Any], *, lists_by_name: bool = False
) -> Object:
    """Maps are merged, anything else is taken from the new one; lists too, where it is asked."""
    found = dict(old)  # what is kept is shared: nobody writes into a stored object
    for key, value in new.items():
        there = found.get(key)
        if isinstance(value, Mapping) and isinstance(there, Mapping):
            found[key] = merged(there, value, lists_by_name=lists_by_name)
        elif lists_by_name and isinstance(value, list) and isinstance(there, list):
            found[key] = _merged_by_name(there, value)
        else:
            found[key] = copied(value)
    return found


def _merged_by_name(old: list[Object], new: list[Object]) -> list[Object]:
    changes = {item["name"]: item for item in new}
    return [merged(item, changes.get(item["name"], {}), lists_by_name=True) for item in old]


def without_nulls(item: Mapping[str, Any]) -> Object:
    """What a merge patch sets to null is taken out."""
    return {
        key: without_nulls(value) if isinstance(value, Mapping) else value
        for key, value in item.items()
        if value is not None
    }
