# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The outline of a pod template: the fields that people write most, everything else kept as given.

Knows enough to refuse a slip at once (a number for an environment variable, a map for a list).
Refuses to repeat Kubernetes' own definition of a pod: the API server that runs the pods judges
the rest, by a dry run of what is made from the template.
"""

from __future__ import annotations

from .schema import Many, Named, Record, Text

POD_TEMPLATE_ABOUT = (
    "Template of the pods, in the form of a Pod: metadata and spec (apiVersion, kind and status "
    "have no effect). flink-main-container is Flink's own container; others run beside it."
)


def _open_list(about: str, item: str) -> Many:
    return Many(about=about, of=Record(about=item, open=True, fields={"name": _NAME}))


_NAME = Text(about="Its name.")
_VARIABLE = Record(
    about="An environment variable.",
    open=True,
    fields={"name": _NAME, "value": Text(about="Its value: text, so put numbers in quotes.")},
)
_CONTAINER = Record(
    about="A container.",
    open=True,
    fields={
        "name": _NAME,
        "image": Text(about="Its image."),
        "command": Many(about="What it runs.", of=Text()),
        "args": Many(about="Arguments of what it runs.", of=Text()),
        "env": Many(about="Its environment.", of=_VARIABLE),
        "volumeMounts": _open_list("Where it mounts volumes.", "A mounted volume."),
    },
)
_SPEC = Record(
    about="The pods' own spec, as Kubernetes defines it.",
    open=True,
    fields={
        "containers": Many(about="Containers of the pod.", of=_CONTAINER),
        "initContainers": Many(about="Containers that run first.", of=_CONTAINER),
        "volumes": _open_list("Volumes of the pod.", "A volume."),
        "nodeSelector": Named(about="Labels that a node must have.", of=Text()),
        "serviceAccountName": Text(about="Account of the pod; spec.serviceAccount wins."),
        "imagePullSecrets": _open_list("Secrets for pulling images.", "A Secret."),
        "tolerations": Many(
            about="Taints that the pod bears.", of=Record(about="A taint.", open=True)
        ),
    },
)
_METADATA = Record(
    about="Labels and annotations of the pods.",
    open=True,
    fields={
        "labels": Named(about="Labels of the pods.", of=Text()),
        "annotations": Named(about="Annotations of the pods.", of=Text()),
    },
)


def pod_template(about: str) -> Record:
    """Describe a Pod; its inside is checked by the API server when the pods' owner is written."""
    return Record(
        about=about,
        fields={
            "apiVersion": Text(about="Has no effect."),
            "kind": Text(about="Has no effect."),
            "metadata": _METADATA,
            "spec": _SPEC,
            "status": Record(about="Has no effect.", open=True),
        },
    )
