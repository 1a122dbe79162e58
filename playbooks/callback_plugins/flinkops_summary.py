# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Ansible loads what lies here with the playbooks beside it: the summary needs no configuration."""

from __future__ import annotations

from ansible_collections.flinkops.flink.plugins.callback import summary

DOCUMENTATION = summary.DOCUMENTATION


class CallbackModule(summary.CallbackModule):
    """flinkops.flink.summary, for these playbooks."""

    CALLBACK_NAME = "flinkops_summary"
    CALLBACK_NEEDS_ENABLED = False
