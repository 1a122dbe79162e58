# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which custom resource is meant."""

from __future__ import annotations


class ModuleDocFragment:
    """Name and namespace."""

    DOCUMENTATION = r"""
options:
  name:
    description:
      - Name of the FlinkDeployment.
      - Where the resource is given as well (by file, definition or variables), the name in it is used if this one is absent.
    type: str
  namespace:
    description:
      - Namespace of the FlinkDeployment.
      - Without it the namespace that the given resource names, else V(default).
    type: str
"""
