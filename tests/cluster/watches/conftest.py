"""A namespace of one's own on the real API server."""

from __future__ import annotations

from support.applications import cluster, installed, namespace, person

__all__ = ["cluster", "installed", "namespace", "person"]
