# Copyright (c) 2026 flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A process that has Ansible imported, and forks for each run: see ADR 0070."""
