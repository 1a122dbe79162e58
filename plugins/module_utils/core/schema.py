# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The vocabulary in which a kind is described: a small tree of typed nodes.

One description per kind serves three readers: the parser (schema_check.py), the CRDs that the
API server enforces (schema_crd.py) and whoever wants a field explained. Refuses to know any kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Cel:
    """A rule in CEL that the API server checks on each write that touches its node."""

    name: str
    rule: str
    message: str = ""
    message_expression: str = ""
    field_path: str = ""
    reason: str = "FieldValueInvalid"
    old_may_be_absent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What all nodes share: a line for the reader and rules for the API server."""

    about: str = ""
    rules: tuple[Cel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Node):
    choices: tuple[str, ...] = ()
    default: str | None = None
    max_length: int | None = None
    format: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole(Node):
    bits: int = 64
    minimum: int | None = None
    default: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decimal(Node):
    """A number with or without a fraction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Node):
    default: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity(Node):
    """Kubernetes' own sizes: text or a whole number (`500m`, `2Gi`, `4`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Many(Node):
    """A list of one kind of thing; `keys` make it a map for server-side apply."""

    of: Node
    max_items: int | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Node):
    """A map from free names to one kind of thing."""

    of: Node
    max_properties: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree(Node):
    """Anything at all; kept as it is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Node):
    """Named fields, each with a type of its own. `open` keeps fields that aren't named."""

    fields: Mapping[str, Node] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column that `kubectl get` prints."""

    name: str
    path: str
    type: str = "string"
    about: str = ""
    priority: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Where the scale subresource finds its numbers."""

    spec: str
    status: str
    selector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind as the API server is told about it."""

    kind: str
    plural: str
    singular: str
    short: str
    about: str
    spec: Record
    status: Record
    columns: tuple[Column, ...] = ()
    scale: Scale | None = None
    rules: tuple[Cel, ...] = ()

    @property
    def fields(self) -> Mapping[str, Node]:
        return {"spec": self.spec, "status": self.status}


Wire = Mapping[str, Any]
"""An object as it travels: names, lists and scalars only."""
