# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A pod in the making: what is put into its main container and around it, in the order of arrival.

Knows the steps that both roles share. The template's own parts come first everywhere; nothing
that was given is changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .. import options, podtemplate, quantity
from ..hash_order import hash_order, table_size, table_size_of_copy
from ..options import Option
from .cluster import Cluster

_HADOOP_DIR = "/opt/hadoop/conf"
_KEYTAB_DIR = "/opt/kerberos/kerberos-keytab"
_TOLERATION = {
    "effect": "effect",
    "key": "key",
    "operator": "operator",
    "tolerationseconds": "tolerationSeconds",
    "value": "value",
}


class Pod:
    """Grows while steps add to it; `finished` is the template of a Deployment."""

    __slots__ = ("main", "metadata", "spec")

    def __init__(self, template: Mapping[str, Any] | None) -> None:
        around, self.main = podtemplate.split(template)
        self.metadata: dict[str, Any] = dict(around.get("metadata") or {})
        self.spec: dict[str, Any] = around["spec"]

    def mark(self, labels: Mapping[str, str], annotations: Mapping[str, str]) -> None:
        self.metadata["labels"] = {**(self.metadata.get("labels") or {}), **labels}
        notes = {**(self.metadata.get("annotations") or {}), **annotations}
        if notes:
            self.metadata["annotations"] = notes

    def ports(self, ports: Iterable[tuple[str, int]]) -> None:
        _add(self.main, "ports", [{"name": name, "containerPort": port} for name, port in ports])

    def variables(self, variables: Mapping[str, str]) -> None:
        _add(self.main, "env", [{"name": name, "value": text} for name, text in variables.items()])

    def variable_from(self, name: str, source: Mapping[str, Any]) -> None:
        _add(self.main, "env", [{"name": name, "valueFrom": dict(source)}])

    def mount(self, name: str, path: str, **more: Any) -> None:
        _add(self.main, "volumeMounts", [{"name": name, "mountPath": path, **more}])

    def volume(self, name: str, **source: Any) -> None:
        _add(self.spec, "volumes", [{"name": name, **source}])

    def place(self, conf: options.Conf, role: str) -> None:
        """Image pull secrets, node selector and tolerations, on top of the template's."""
        secrets = [name.strip() for name in options.elements(conf, options.PULL_SECRETS)]
        _add(self.spec, "imagePullSecrets", [{"name": name} for name in secrets if name])
        selector = options.pairs(conf, Option(key=f"kubernetes.{role}.node-selector"))
        if selector:
            self.spec["nodeSelector"] = {**(self.spec.get("nodeSelector") or {}), **selector}
        tolerations = Option(key=f"kubernetes.{role}.tolerations")
        _add(
            self.spec,
            "tolerations",
            [
                _toleration(record, options.where(conf, tolerations))
                for record in options.records(conf, tolerations)
            ],
        )

    def finished(self) -> dict[str, Any]:
        spec = {**self.spec, "containers": [*(self.spec.get("containers") or []), self.main]}
        return {"metadata": self.metadata, "spec": spec}


def environment(conf: options.Conf, role: str) -> dict[str, str]:
    """`containerized.<role>.env.*`, in the order in which Flink's client hands them out."""
    prefix = f"containerized.{role}.env."
    keys = [key for key in conf if key.startswith(prefix) and len(key) > len(prefix)]
    whole = hash_order(sorted(keys), buckets=table_size(len(conf)))
    names = hash_order((key[len(prefix) :] for key in whole), buckets=table_size(len(keys)))
    if role == "taskmanager":  # there they pass through one map more
        names = hash_order(names, buckets=table_size_of_copy(len(names), added=0))
    return {name: conf[f"{prefix}{name}"] for name in names}


def add_secrets(pod: Pod, conf: options.Conf) -> None:
    """Variables out of Secrets, then whole Secrets as folders."""
    for record in options.records(conf, options.SECRET_VARIABLES):
        reference = {"name": record.get("secret", ""), "key": record.get("key", "")}
        pod.variable_from(record.get("env", ""), {"secretKeyRef": reference})
    folders = options.pairs(conf, options.SECRETS)
    for name in hash_order(folders, buckets=table_size(len(folders))):
        pod.mount(f"{name}-volume", folders[name])
        pod.volume(f"{name}-volume", secret={"secretName": name})


def add_hadoop(pod: Pod, cluster: Cluster) -> None:
    """The folder comes from a ConfigMap of the user's."""
    existing = options.text(cluster.conf, options.HADOOP_CONFIG_MAP).strip()
    if existing and _is_wanted(cluster, options.HADOOP_MOUNT):
        pod.volume("hadoop-config-volume", configMap={"name": existing})
        pod.mount("hadoop-config-volume", _HADOOP_DIR)
        pod.variables({"HADOOP_CONF_DIR": _HADOOP_DIR})


def add_kerberos(pod: Pod, cluster: Cluster) -> None:
    """Keytab and krb5.conf come from a Secret and a ConfigMap named after the cluster."""
    if not _is_wanted(cluster, options.KERBEROS_MOUNT):
        return
    if has_keytab(cluster.conf):
        secret = {"secretName": f"kerberos-keytab-{cluster.name}"}
        pod.volume("kerberos-keytab-volume", secret=secret)
        pod.mount("kerberos-keytab-volume", _KEYTAB_DIR)
    krb5 = options.text(cluster.conf, options.KRB5_CONF).strip()
    if krb5:
        items = [{"key": krb5.rpartition("/")[2], "path": "krb5.conf"}]
        source = {"name": f"kerberos-krb5conf-{cluster.name}", "items": items}
        pod.volume("kerberos-krb5conf-volume", configMap=source)
        pod.mount("kerberos-krb5conf-volume", "/etc/krb5.conf", subPath="krb5.conf")


def has_keytab(conf: options.Conf) -> bool:
    wanted = (options.KEYTAB, options.PRINCIPAL)
    return all(options.text(conf, option).strip() for option in wanted)


def keytab_in_pod(conf: options.Conf) -> str:
    return f"{_KEYTAB_DIR}/{options.text(conf, options.KEYTAB).rpartition('/')[2]}"


def add_configuration(pod: Pod, cluster: Cluster, files: Iterable[str]) -> None:
    items = [{"key": name, "path": name} for name in files]
    source = {"name": f"flink-config-{cluster.name}", "items": items}
    pod.volume("flink-config-volume", configMap=source)
    pod.mount("flink-config-volume", options.text(cluster.conf, options.CONF_DIR))


def _is_wanted(cluster: Cluster, switch: Option) -> bool:
    """The switches speak to native mode only."""
    return cluster.standalone or options.truth(cluster.conf, switch)


def _toleration(record: Mapping[str, str], where: str) -> dict[str, Any]:
    toleration: dict[str, Any] = {}
    for key, value in record.items():
        field = _TOLERATION.get(key.lower())
        if field == "tolerationSeconds":
            toleration[field] = quantity.whole(value, path=where)
        elif field is not None:
            toleration[field] = value
    return toleration


def _add(mapping: dict[str, Any], key: str, more: list[dict[str, Any]]) -> None:
    if more:
        mapping[key] = [*(mapping.get(key) or []), *more]
