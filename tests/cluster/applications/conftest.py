"""The fixtures of tests that run playbooks."""

from __future__ import annotations

from support.applications import cluster, installed, namespace, person

__all__ = ["cluster", "installed", "namespace", "person"]
