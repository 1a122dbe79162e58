# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What every cluster starts from before anyone has configured anything.

The lowest layer of the configuration, written with the same version prefixes that a platform
team may use in its own base configuration.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

VERSION_PREFIX = "kubernetes.operator.default-configuration.flink-version."
NAMESPACE_PREFIX = "kubernetes.operator.default-configuration.namespace."

# Java 11 and later close these packages; Flink and its serializers reach into them.
_EXPORTS = (
    "java.base/sun.net.util",
    "java.rmi/sun.rmi.registry",
    "java.security.jgss/sun.security.krb5",
)
_OPENS = (
    "java.base/java.lang",
    "java.base/java.net",
    "java.base/java.io",
    "java.base/java.nio",
    "java.base/sun.nio.ch",
    "java.base/java.lang.reflect",
    "java.base/java.text",
    "java.base/java.time",
    "java.base/java.util",
    "java.base/java.util.concurrent",
    "java.base/java.util.concurrent.atomic",
    "java.base/java.util.concurrent.locks",
)
_OPENED = " ".join(
    [f"--add-exports={package}=ALL-UNNAMED" for package in _EXPORTS]
    + [f"--add-opens={package}=ALL-UNNAMED" for package in _OPENS]
)

BUILT_IN: Mapping[str, str] = MappingProxyType(
    {
        "parallelism.default": "1",
        "taskmanager.numberOfTaskSlots": "1",
        # 1.18 has no key of its own for defaults, so that there a user's own options replace these.
        f"{VERSION_PREFIX}v1_18.env.java.opts.all": _OPENED,
        f"{VERSION_PREFIX}v1_19+.env.java.default-opts.all": _OPENED,
    }
)
