# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""The operator shell: turns by themselves, moves by playbooks."""
