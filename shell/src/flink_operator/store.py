# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""What the watches have told, kept as text: hundreds of applications in a few megabytes.

An object is parsed when it is asked for; that costs less than its dicts would take up. What was
written by ourselves is put in, too, until the watch tells of it: a driver sees its own writes.
"""

from __future__ import annotations

import json
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import RLock
from typing import Any

Key = tuple[str, str]
"""Namespace and name."""
REMEMBERED = 256
LABEL = "app"
"""All that belongs to one application carries it, with its name."""


@dataclass(frozen=True, slots=True)
class _Entry:
    version: int
    text: bytes
    labels: Mapping[str, str]


class Store:
    """The objects of one selection. All methods may be called by any thread."""

    def __init__(self) -> None:
        self._entries: dict[Key, _Entry] = {}
        self._by_app: dict[Key, set[Key]] = defaultdict(set)
        self._last: OrderedDict[Key, _Entry] = OrderedDict()
        self._told_until = 0
        self._lock = RLock()
        self.is_filled = False

    def __len__(self) -> int:
        return len(self._entries)

    def fill(self, items: Iterable[Mapping[str, Any]], version: str) -> set[Key]:
        """In place of all there was; the keys of what was added, changed or is gone."""
        fresh = {_key(item): item for item in items}
        with self._lock:
            before = {key: entry.version for key, entry in self._entries.items()}
            for key in before.keys() - fresh.keys():
                self._remember(key)
            self._entries.clear()
            self._by_app.clear()
            for item in fresh.values():
                self._put(item)
            self._told_until = max(self._told_until, _number(version))
            self.is_filled = True
            now = {key: entry.version for key, entry in self._entries.items()}
        return {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}

    def told(self, item: Mapping[str, Any]) -> bool:
        """The watch has seen it so. False where we know it newer."""
        with self._lock:
            self._told_until = max(self._told_until, _version(item))
            known = self._entries.get(_key(item))
            if known is not None and known.version > _version(item):
                return False
            self._put(item)
            return True

    def gone(self, item: Mapping[str, Any]) -> None:
        """The watch has seen it deleted."""
        with self._lock:
            self._told_until = max(self._told_until, _version(item))
            self._remember(_key(item))
            self._drop(_key(item))

    def passed(self, version: str) -> None:
        """The watch has told all there was until then."""
        with self._lock:
            self._told_until = max(self._told_until, _number(version))

    def written(self, item: Mapping[str, Any]) -> None:
        """An answer to our own write; older than what the watch has told it is none of our news."""
        with self._lock:
            if _version(item) > self._told_until:
                self._put(item)

    def get(self, namespace: str, name: str) -> dict[str, Any] | None:
        with self._lock:
            entry = self._entries.get((namespace, name))
        return _parsed(entry) if entry else None

    def all(self, namespace: str, labels: str = "") -> list[dict[str, Any]]:
        """In a namespace, or in all (empty); `labels` in the form of kubectl -l, without sets."""
        wanted = _terms(labels)
        with self._lock:
            found = [self._entries[key] for key in self._candidates(namespace, wanted)]
        return [_parsed(entry) for entry in found if _has(entry.labels, wanted)]

    def app_of(self, key: Key) -> Key | None:
        """The application that an object belongs to, or belonged to; None where we never knew."""
        with self._lock:
            entry = self._entries.get(key) or self._last.get(key)
        name = entry.labels.get(LABEL) if entry else None
        return (key[0], name) if name else None

    def keys(self) -> list[Key]:
        with self._lock:
            return list(self._entries)

    def _candidates(self, namespace: str, wanted: Mapping[str, str | None]) -> Iterator[Key]:
        app = wanted.get(LABEL)
        if namespace and app:
            return iter(sorted(self._by_app.get((namespace, app), ())))
        return (key for key in list(self._entries) if not namespace or key[0] == namespace)

    def _put(self, item: Mapping[str, Any]) -> None:
        key, metadata = _key(item), dict(item["metadata"])
        metadata.pop("managedFields", None)
        self._drop(key)
        labels = dict(metadata.get("labels") or {})
        text = json.dumps({**item, "metadata": metadata}, separators=(",", ":")).encode()
        self._entries[key] = _Entry(_version(item), text, labels)
        if LABEL in labels:
            self._by_app[key[0], labels[LABEL]].add(key)

    def _remember(self, key: Key) -> None:
        """Whose it was is asked after it is gone."""
        if key in self._entries:
            self._last[key] = self._entries[key]
            while len(self._last) > REMEMBERED:
                self._last.popitem(last=False)

    def _drop(self, key: Key) -> None:
        entry = self._entries.pop(key, None)
        app = entry.labels.get(LABEL) if entry else None
        if app is not None:
            mates = self._by_app[key[0], app]
            mates.discard(key)
            if not mates:
                del self._by_app[key[0], app]


def _key(item: Mapping[str, Any]) -> Key:
    metadata = item["metadata"]
    return str(metadata.get("namespace") or ""), str(metadata["name"])


def _version(item: Mapping[str, Any]) -> int:
    return _number(str(item["metadata"].get("resourceVersion") or ""))


def _number(version: str) -> int:
    """Kubernetes: resource versions of one kind are whole numbers that grow."""
    return int(version) if version.isdecimal() else 0


def _parsed(entry: _Entry) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(entry.text)
    return found


def _terms(labels: str) -> dict[str, str | None]:
    """`a=b,c`: with the value b, and there at all (None)."""
    terms = (term.partition("=") for term in labels.split(",") if term)
    return {name: value if sep else None for name, sep, value in terms}


def _has(labels: Mapping[str, str], wanted: Mapping[str, str | None]) -> bool:
    return all(
        name in labels and (value is None or labels[name] == value)
        for name, value in wanted.items()
    )
