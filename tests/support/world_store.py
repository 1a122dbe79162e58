# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an API server keeps, in memory: objects with uids, versions and generations."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import Absent
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import kind_of

Object = dict[str, Any]
Key = tuple[str, str, str]

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@dataclass
class Store:
    now: datetime = START
    objects: dict[Key, Object] = field(default_factory=dict)
    counter: int = 0

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
        return self.objects[key_of(item)]

    def chosen(self, kind: str, namespace: str = "", labels: str = "") -> Iterator[Object]:
        wanted = [part.partition("=") for part in labels.split(",") if part]
        for (found, where, _), item in self.objects.items():
            if found != kind or namespace not in ("", where):
                continue
            has = item["metadata"].get("labels") or {}
            if all(key in has and (not eq or has[key] == value) for key, eq, value in wanted):
                yield item

    def edit(self, name: str, **job: Any) -> None:
        """A person changes fields of spec.job."""
        stored = copy.deepcopy(self.objects["FlinkDeployment", "default", name])
        stored["spec"]["job"] |= job
        self.put(stored)

    def there(self, key: Key) -> Object:
        if key not in self.objects:
            raise Absent(f"{key} not found")
        return self.objects[key]


def key_of(item: Mapping[str, Any]) -> Key:
    kind = kind_of(item)
    metadata = item["metadata"]
    is_global = kind is not None and not kind.namespaced
    return item["kind"], "" if is_global else metadata.get("namespace", ""), metadata["name"]


def uid_of(item: Mapping[str, Any]) -> str:
    return str(item["metadata"]["uid"])


def stamp(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> Object:
    """Maps are merged, anything else is taken from the new one."""
    found = copy.deepcopy(dict(old))
    for key, value in new.items():
        both = isinstance(value, Mapping) and isinstance(found.get(key), Mapping)
        found[key] = merged(found[key], value) if both else copy.deepcopy(value)
    return found
