# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Reading single options out of an effective configuration.

Knows each option's key, older spellings and Flink's default. Refuses to know where the
configuration came from or what is done with the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import quantity, structured

Conf = Mapping[str, str]
FOUND_AT = "spec.flinkConfiguration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    key: str
    older: tuple[str, ...] = ()
    default: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key, *self.older)


def spelled(conf: Conf, option: Option) -> str:
    """The spelling that is in use; the newest when none is."""
    return next((key for key in option.keys if key in conf), option.key)


def is_set(conf: Conf, option: Option) -> bool:
    return any(key in conf for key in option.keys)


def read(conf: Conf, option: Option) -> str | None:
    return conf.get(spelled(conf, option), option.default)


def path(key: str) -> str:
    return f"{FOUND_AT}.{key}"


def where(conf: Conf, option: Option) -> str:
    return path(spelled(conf, option))


def text(conf: Conf, option: Option) -> str:
    return read(conf, option) or ""


def whole(conf: Conf, option: Option) -> int:
    return quantity.whole(text(conf, option), path=where(conf, option))


def number(conf: Conf, option: Option) -> float:
    return quantity.number(text(conf, option), path=where(conf, option))


def truth(conf: Conf, option: Option) -> bool:
    return quantity.truth(text(conf, option), path=where(conf, option))


def pairs(conf: Conf, option: Option) -> dict[str, str]:
    found = read(conf, option)
    return structured.split_map(found, path=where(conf, option)) if found else {}


def elements(conf: Conf, option: Option) -> list[str]:
    found = read(conf, option)
    return structured.split_list(found, path=where(conf, option)) if found else []


def records(conf: Conf, option: Option) -> list[dict[str, str]]:
    found = read(conf, option)
    return structured.split_maps(found, path=where(conf, option)) if found else []


def is_highly_available(conf: Conf) -> bool:
    """Any mode counts, a factory's class name too, but the two names for none."""
    return text(conf, HIGH_AVAILABILITY).lower() not in ("none", "standalone")


HIGH_AVAILABILITY = Option(
    key="high-availability.type", older=("recovery.mode", "high-availability"), default="NONE"
)
HIGH_AVAILABILITY_STORAGE = Option(
    key="high-availability.storageDir",
    older=("high-availability.zookeeper.storageDir", "recovery.zookeeper.storageDir"),
)
HIGH_AVAILABILITY_PORT = Option(
    key="high-availability.jobmanager.port", older=("recovery.jobmanager.port",), default="0"
)
REST_PORT = Option(key="rest.port", older=("web.port",), default="8081")
REST_BIND_PORT = Option(
    key="rest.bind-port", older=("rest.port", "web.port", "jobmanager.web.port"), default="8081"
)
RPC_PORT = Option(key="jobmanager.rpc.port", default="6123")
BLOB_PORT = Option(key="blob.server.port", default="0")
TASK_MANAGER_RPC_PORT = Option(key="taskmanager.rpc.port", default="0")
SLOTS = Option(key="taskmanager.numberOfTaskSlots", default="1")
JOB_MANAGER_CPU = Option(
    key="kubernetes.jobmanager.cpu.amount", older=("kubernetes.jobmanager.cpu",), default="1.0"
)
TASK_MANAGER_CPU = Option(
    key="kubernetes.taskmanager.cpu.amount", older=("kubernetes.taskmanager.cpu",), default="-1.0"
)
TASK_MANAGER_CORES = Option(key="taskmanager.cpu.cores")
IMAGE = Option(key="kubernetes.container.image.ref", older=("kubernetes.container.image",))
PULL_POLICY = Option(key="kubernetes.container.image.pull-policy", default="IfNotPresent")
PULL_SECRETS = Option(key="kubernetes.container.image.pull-secrets")
REPLICAS = Option(key="kubernetes.jobmanager.replicas", default="1")
TASK_MANAGER_REPLICAS = Option(key="kubernetes.internal.taskmanager.replicas", default="1")
SECRETS = Option(key="kubernetes.secrets")
SECRET_VARIABLES = Option(key="kubernetes.env.secretKeyRef")
HOST_NETWORK = Option(key="kubernetes.hostnetwork.enabled", default="false")
CONF_DIR = Option(key="kubernetes.flink.conf.dir", default="/opt/flink/conf")
LOG_DIR = Option(key="kubernetes.flink.log.dir")
ENTRY_PATH = Option(key="kubernetes.entry.path", default="/docker-entrypoint.sh")
ENTRY_ARGS = Option(key="kubernetes.jobmanager.entrypoint.args", default="")
ARTIFACTS_DIR = Option(key="user.artifacts.base-dir", default="/opt/flink/artifacts")
REST_TYPE = Option(key="kubernetes.rest-service.exposed.type", default="ClusterIP")
REST_ANNOTATIONS = Option(key="kubernetes.rest-service.annotations")
INTERNAL_ANNOTATIONS = Option(key="kubernetes.internal-service.annotations")
HADOOP_CONFIG_MAP = Option(key="kubernetes.hadoop.conf.config-map.name")
HADOOP_MOUNT = Option(key="kubernetes.decorator.hadoop-conf-mount.enabled", default="true")
KERBEROS_MOUNT = Option(key="kubernetes.decorator.kerberos-mount.enabled", default="true")
KEYTAB = Option(key="security.kerberos.login.keytab", older=("security.keytab",))
PRINCIPAL = Option(key="security.kerberos.login.principal", older=("security.principal",))
KRB5_CONF = Option(key="security.kerberos.krb5-conf.path")
STARTUP_PROBE = Option(
    key="kubernetes.operator.jm-deployment.startup.probe.enabled", default="true"
)
MERGE_BY_NAME = Option(key="kubernetes.operator.pod-template.merge-arrays-by-name", default="false")
INGRESS_MANAGED = Option(key="kubernetes.operator.ingress.manage", default="true")
