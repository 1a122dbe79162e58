"""The fixtures of tests that run playbooks."""

from __future__ import annotations

from support.applications import cluster, installed, namespace, person, state_folder
from support.carried import carried
from support.counting import job, variables

__all__ = [
    "carried",
    "cluster",
    "installed",
    "job",
    "namespace",
    "person",
    "state_folder",
    "variables",
]
