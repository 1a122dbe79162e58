# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""From a described kind to a CustomResourceDefinition.

Knows the API server's schema language. Refuses to know any kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .schema import (
    Cel,
    Column,
    Decimal,
    Flag,
    Kind,
    Many,
    Named,
    Node,
    Quantity,
    Record,
    Text,
    Tree,
    Whole,
)
from .spec import GROUP, VERSION

_NAMED = {"type": "object", "properties": {"name": {"type": "string"}}}
"""Without it a rule on the whole object can't point at the name."""
_KEPT = "x-kubernetes-preserve-unknown-fields"


def crd(kind: Kind) -> dict[str, Any]:
    """Write the definition of one kind."""
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{kind.plural}.{GROUP}"},
        "spec": {
            "group": GROUP,
            "names": {
                "kind": kind.kind,
                "listKind": f"{kind.kind}List",
                "plural": kind.plural,
                "singular": kind.singular,
                "shortNames": [kind.short],
            },
            "scope": "Namespaced",
            "versions": [_version(kind)],
        },
    }


def _version(kind: Kind) -> dict[str, Any]:
    columns = [_column(column) for column in kind.columns]
    return {
        "name": VERSION,
        "served": True,
        "storage": True,
        **({"additionalPrinterColumns": columns} if columns else {}),
        "subresources": {"status": {}, **_scale(kind)},
        "schema": {"openAPIV3Schema": _root(kind)},
    }


def _scale(kind: Kind) -> dict[str, Any]:
    if kind.scale is None:
        return {}
    return {
        "scale": {
            "specReplicasPath": kind.scale.spec,
            "statusReplicasPath": kind.scale.status,
            "labelSelectorPath": kind.scale.selector,
        }
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": column.type,
        "jsonPath": column.path,
        **({"description": column.about} if column.about else {}),
        **({"priority": column.priority} if column.priority else {}),
    }


def _root(kind: Kind) -> dict[str, Any]:
    return {
        "description": kind.about,
        "type": "object",
        "properties": {
            **({"metadata": _NAMED} if kind.rules else {}),
            **{name: schema(node) for name, node in kind.fields.items()},
        },
        **_rules(kind.rules),
    }


def schema(node: Node) -> dict[str, Any]:
    """Write one node with everything below it."""
    about = {"description": node.about} if node.about else {}
    return {**about, **_shape(node), **_rules(node.rules)}


def _shape(node: Node) -> dict[str, Any]:
    match node:
        case Text():
            return _text(node)
        case Many():
            return _many(node)
        case Named():
            return {"type": "object", "additionalProperties": schema(node.of), **_most(node)}
        case Record():
            return _record(node)
        case _:
            return {**_SIMPLE[type(node)], **_number(node)}


_SIMPLE: dict[type[Node], dict[str, Any]] = {
    Whole: {"type": "integer"},
    Decimal: {"type": "number", "format": "double"},
    Flag: {"type": "boolean"},
    Quantity: {
        "anyOf": [{"type": "integer"}, {"type": "string"}],
        "x-kubernetes-int-or-string": True,
    },
    Tree: {_KEPT: True},
}


def _number(node: Node) -> dict[str, Any]:
    size = {"format": f"int{node.bits}"} if isinstance(node, Whole) else {}
    default = _default(node.default) if isinstance(node, Whole | Flag) else {}
    return {**size, **default}


def _text(node: Text) -> dict[str, Any]:
    return {
        "type": "string",
        **({"format": node.format} if node.format else {}),
        **({"enum": [str(choice) for choice in node.choices]} if node.choices else {}),
        **({"maxLength": node.max_length} if node.max_length is not None else {}),
        **_default(node.default),
    }


def _many(node: Many) -> dict[str, Any]:
    keys = {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": list(node.keys)}
    return {
        "type": "array",
        "items": schema(node.of),
        **(keys if node.keys else {}),
        **({"maxItems": node.max_items} if node.max_items is not None else {}),
    }


def _most(node: Named) -> dict[str, Any]:
    return {} if node.max_properties is None else {"maxProperties": node.max_properties}


def _record(node: Record) -> dict[str, Any]:
    fields = {name: schema(inner) for name, inner in node.fields.items()}
    return {
        "type": "object",
        **({"properties": fields} if fields else {}),
        **({"required": list(node.required)} if node.required else {}),
        **({_KEPT: True} if node.open else {}),
    }


def _default(value: str | int | bool | None) -> Mapping[str, Any]:  # noqa: FBT001 - it is a value
    return {} if value is None else {"default": value}


def _rules(rules: tuple[Cel, ...]) -> dict[str, Any]:
    return {"x-kubernetes-validations": [_rule(rule) for rule in rules]} if rules else {}


def _rule(rule: Cel) -> dict[str, Any]:
    return {
        "rule": rule.rule,
        **({"message": rule.message} if rule.message else {}),
        **({"messageExpression": rule.message_expression} if rule.message_expression else {}),
        "reason": rule.reason,
        **({"fieldPath": rule.field_path} if rule.field_path else {}),
        **({"optionalOldSelf": True} if rule.old_may_be_absent else {}),
    }
