"""A namespace of one's own on the real API server."""

from __future__ import annotations

from support.applications import cluster, namespace, person

__all__ = ["cluster", "namespace", "person"]
