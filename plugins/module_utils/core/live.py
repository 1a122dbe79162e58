# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What of a running cluster changes without the end of a process, and the patches that do it.

Labels, annotations, log files, the Ingress. Never a Deployment's pod template, its generation,
a label that something is selected by, or the configuration that a process has read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from . import options
from .config import effective
from .manifests import Manifests, render, templates
from .objects.logging_defaults import LOG_FILES
from .spec import FlinkDeployment
from .start import GENERATION, PLACEHOLDER_START
from .template_text import remarked

RESERVED = frozenset({"app", "component", "type", GENERATION})
TEMPLATE_FILE = "taskmanager-pod-template.yaml"
_NO_TEMPLATE = "---\n{}\n"

Key = tuple[str, str]
Marks = Mapping[str, Mapping[str, str]]
"""`labels` and `annotations`, as they stand in a metadata."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """All that may change while it runs: what one spec says of it."""

    name: str
    namespace: str
    owner_uid: str
    """The custom resource's uid."""
    objects: Mapping[Key, Marks]
    """Deployments and Services by kind and name."""
    pods: Mapping[str, Marks]
    """By component."""
    files: Mapping[Key, Mapping[str, str]]
    """Texts in ConfigMaps: log files, and the TaskManagers' pod template."""
    ingress: Mapping[str, Any] | None
    has_ingress_managed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """One object: `merge` into it, then `apply` the whole of it; neither: delete it."""

    kind: str
    name: str
    before: Mapping[str, Any] | None
    merge: Mapping[str, Any] = field(default_factory=dict)
    apply: Mapping[str, Any] | None = None

    @property
    def deletes(self) -> bool:
        return not self.merge and self.apply is None


def face(deployment: FlinkDeployment, *, base: Mapping[str, str], owner_uid: str) -> Face:
    """What the deployment's spec says of all that may change live; it takes no id of a start."""
    start = replace(PLACEHOLDER_START, owner_uid=owner_uid)
    made = render(deployment, base=base, start=start)
    conf = effective(deployment, base=base)
    pods = {
        "jobmanager": _marks(made.deployments[0]["spec"]["template"]),
        "taskmanager": _of_workers(deployment, conf),
    }
    marked = [*made.deployments, *(it for it in made.dependents if it["kind"] == "Service")]
    return Face(
        name=deployment.name,
        namespace=deployment.namespace,
        owner_uid=owner_uid,
        objects={_key(found): _marks(found) for found in marked},
        pods=pods,
        files=_files(made, deployment.name),
        ingress=made.ingress,
        has_ingress_managed=options.truth(conf, options.INGRESS_MANAGED),
    )


def _of_workers(deployment: FlinkDeployment, conf: Mapping[str, str]) -> Marks:
    """In native mode Flink makes the TaskManagers' pods: no manifest holds them."""
    _for_jobmanager, template = templates(deployment.spec, conf)
    given = _marks(template or {})
    prefix = "kubernetes.taskmanager"
    return {
        what: {**given[what], **options.pairs(conf, options.Option(key=f"{prefix}.{what}"))}
        for what in given
    }


def _files(made: Manifests, name: str) -> dict[Key, Mapping[str, str]]:
    """The template's file is there even where there is no template: one may be stored."""
    data = {_key(found): found["data"] for found in made.dependents if "data" in found}
    configuration = ("ConfigMap", f"flink-config-{name}")
    template = ("ConfigMap", f"pod-template-{name}")
    logs = {file: text for file, text in data[configuration].items() if file in LOG_FILES}
    return {configuration: logs, template: data.get(template, {TEMPLATE_FILE: _NO_TEMPLATE})}


def live_objects(
    new: Face, old: Face | None, stored: Iterable[Mapping[str, Any]]
) -> tuple[Patch, ...]:
    """What brings the stored objects to the new face; what only the old one had is taken away.

    Without an old face nothing is: marks and the Ingress are completed, and files stay.
    `stored`: the cluster's Deployments, Services, ConfigMaps, Ingress and pods, in any order.
    """
    there = tuple(stored)
    templates_of = {_role(it): it["spec"]["template"] for it in there if it["kind"] == "Deployment"}
    return (*_patches(new, old or new, there, templates_of), *_ingress(new, old or new, there))


def _patches(
    new: Face,
    old: Face,
    stored: Iterable[Mapping[str, Any]],
    templates_of: Mapping[str, Mapping[str, Any]],
) -> Iterator[Patch]:
    for item in stored:
        if item["metadata"].get("deletionTimestamp"):
            continue
        key, role = _key(item), _role(item)
        if item["kind"] == "Pod" and role in new.pods:
            # A pod that was made again has what the Deployment's template gave it at the start.
            gone = (old.pods.get(role, {}), _marks(templates_of.get(role, {})))
            body = _remark(new.pods[role], gone, item)
        elif key in new.objects:
            body = _remark(new.objects[key], (old.objects.get(key, {}),), item)
        elif key in new.files:
            body = _rewrite(new.files[key], old.files.get(key, {}), item)
        else:
            continue
        if body:
            yield Patch(kind=key[0], name=key[1], before=item, merge=body)


def _remark(wanted: Marks, gone: Iterable[Marks], item: Mapping[str, Any]) -> dict[str, Any]:
    """The part of the metadata to merge; null takes a name away."""
    found: dict[str, Any] = {}
    for what, marks in wanted.items():
        has = item["metadata"].get(what) or {}
        more = {name: text for name, text in marks.items() if has.get(name) != text}
        earlier = {name for given in gone for name in given.get(what, {})}
        less = dict.fromkeys(sorted(name for name in earlier - set(marks) if name in has))
        changes = {k: v for k, v in {**less, **more}.items() if k not in RESERVED}
        if changes:
            found[what] = changes
    return {"metadata": found} if found else {}


def _rewrite(
    wanted: Mapping[str, str], earlier: Mapping[str, str], item: Mapping[str, Any]
) -> dict[str, Any]:
    """Files that are there and that the spec changed: pods mount them by name, so none may go."""
    data = item.get("data") or {}
    texts = {
        file: remarked(data[file], text) if file == TEMPLATE_FILE else text
        for file, text in wanted.items()
        if file in data and earlier.get(file) != text
    }
    changed = {file: text for file, text in texts.items() if data[file] != text}
    return {"data": changed} if changed else {}


def _ingress(new: Face, old: Face, stored: Iterable[Mapping[str, Any]]) -> Iterator[Patch]:
    there = next((found for found in stored if found["kind"] == "Ingress"), None)
    if not new.has_ingress_managed:
        return
    if new.ingress is None:
        if there is not None and new.owner_uid in _owners(there):
            yield Patch(kind="Ingress", name=_key(there)[1], before=there)
        return
    taken = _taken(old.ingress or {}, new.ingress, there or {})
    if there is None or taken or not _holds(there, new.ingress):
        name = _key(new.ingress)[1]
        yield Patch(kind="Ingress", name=name, before=there, merge=taken, apply=new.ingress)


def _taken(old: Any, new: Any, there: Any) -> dict[str, Any]:
    """Nulls for what the old one said, the new one doesn't, and is stored still."""
    found: dict[str, Any] = {}
    for name, value in old.items():
        inner = there.get(name)
        if inner is None:
            continue
        if name not in new:
            found[name] = None
        elif all(isinstance(side, Mapping) for side in (value, new[name], inner)):
            below = _taken(value, new[name], inner)
            found |= {name: below} if below else {}
    return found


def _holds(there: Any, wanted: Any) -> bool:
    """Everything wanted is so; more may be there, but for lists: those are whole."""
    if isinstance(wanted, Mapping) and isinstance(there, Mapping):
        return all(name in there and _holds(there[name], wanted[name]) for name in wanted)
    return bool(there == wanted)


def _marks(of: Mapping[str, Any]) -> Marks:
    metadata = of.get("metadata") or {}
    return {what: dict(metadata.get(what) or {}) for what in ("labels", "annotations")}


def _key(item: Mapping[str, Any]) -> Key:
    return str(item["kind"]), str(item["metadata"]["name"])


def _role(item: Mapping[str, Any]) -> str:
    return str((item["metadata"].get("labels") or {}).get("component", ""))


def _owners(item: Mapping[str, Any]) -> set[str]:
    return {str(owner.get("uid")) for owner in item["metadata"].get("ownerReferences") or ()}
