# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What every module says of itself: where it runs, and what check and diff mode do."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes, one part for each kind of module."""

    DOCUMENTATION = r"""
attributes:
  platform:
    support: full
    platforms: posix
    description: Target OS families that can be operated against.
  action:
    support: full
    description: Indicates this has a corresponding action plugin so some parts of the options can be executed on the controller.
    details:
      - With the connection P(ansible.builtin.local#connection) the task runs inside Ansible's worker, which
        needs Python's C(requests), C(kubernetes) and C(PyYAML) beside Ansible itself.
      - With another connection, or with C(async), the same code runs as an ordinary module on that host.
  async:
    support: full
    description: Supports being used with the C(async) keyword.
requirements:
  - python >= 3.11
  - PyYAML >= 6.0
"""

    READS = r"""
attributes:
  check_mode:
    support: full
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
    details: It changes nothing, with check mode or without.
  diff_mode:
    support: N/A
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
"""

    WRITES = r"""
attributes:
  check_mode:
    support: full
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
    details: The API server is asked for a dry run, so that what it would refuse is refused in check mode too.
  diff_mode:
    support: full
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
    details: Values of keys that look like secrets are shown as C(***).
"""

    TURNS = r"""
attributes:
  check_mode:
    support: full
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
    details: It looks and decides, writes no status and takes no Lease. The plan is that of the first turn.
  diff_mode:
    support: none
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
    details: All that it writes is the resource's status; what that says is returned.
"""
