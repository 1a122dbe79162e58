# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""An Api whose reads come from the watches. Writes go to the API server, and are seen at once.

What is read so may be late by a moment, or by much where a watch is broken: a turn that acts reads
from the API server itself. Kinds and places that no watch covers are asked for there, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import Kind, kind_of
from ansible_collections.flinkops.flink.plugins.module_utils.kube.watch import Selection

from .store import Store


class Caches:
    """The stores of all watches, by kind and place."""

    def __init__(self, selections: Mapping[Selection, Store]) -> None:
        self._by_kind: dict[Kind, dict[str, Store]] = {}
        for of, store in selections.items():
            self._by_kind.setdefault(of.kind, {})[of.namespace] = store

    def of(self, kind: Kind, namespace: str) -> Store | None:
        """The store that holds all of that kind there, once it was filled."""
        places = self._by_kind.get(kind) or {}
        store = places.get(namespace) or places.get("")
        return store if store is not None and store.is_filled else None


class LiveApi(Api):
    """The API server itself; answers to our own writes are put into the stores."""

    def __init__(self, client: Any, caches: Caches) -> None:
        super().__init__(client)
        self._caches = caches

    def apply(self, definition: Mapping[str, Any], *, dry_run: bool = False) -> dict[str, Any]:
        return self._noted(super().apply(definition, dry_run=dry_run), dry_run=dry_run)

    def create(self, definition: Mapping[str, Any], *, dry_run: bool = False) -> dict[str, Any]:
        return self._noted(super().create(definition, dry_run=dry_run), dry_run=dry_run)

    def replace(self, definition: Mapping[str, Any], subresource: str = "") -> dict[str, Any]:
        return self._noted(super().replace(definition, subresource))

    def merge(  # noqa: PLR0913 - as its parent's
        self,
        kind: Kind,
        name: str,
        namespace: str,
        patch: Mapping[str, Any],
        *,
        subresource: str = "",
        lists_by_name: bool = False,
    ) -> Any:
        by_name, part = lists_by_name, subresource
        return self._noted(
            super().merge(kind, name, namespace, patch, subresource=part, lists_by_name=by_name)
        )

    def _noted(self, answer: dict[str, Any], *, dry_run: bool = False) -> dict[str, Any]:
        kind = kind_of(answer)
        namespace = str((answer.get("metadata") or {}).get("namespace") or "")
        store = self._caches.of(kind, namespace) if kind and not dry_run else None
        if store is not None:
            store.written(answer)
        return answer


class CachedApi(LiveApi):
    """Reads from the stores where a watch covers what is asked for.

    The watches' label selectors have to take in all that a turn asks for.
    """

    def get(self, kind: Kind, name: str, namespace: str = "") -> dict[str, Any] | None:
        store = self._caches.of(kind, namespace)
        return store.get(namespace, name) if store else super().get(kind, name, namespace)

    def list(
        self, kind: Kind, namespace: str = "", *, labels: str = "", fields: str = ""
    ) -> list[dict[str, Any]]:
        store = None if fields else self._caches.of(kind, namespace)
        if store is None:
            return super().list(kind, namespace, labels=labels, fields=fields)
        return store.all(namespace, labels)
