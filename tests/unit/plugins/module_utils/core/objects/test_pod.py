# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What both roles put into a pod: secrets, placement, Hadoop, Kerberos, variables."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.flinkconf import OLD_NAME
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import Mode
from support.deployments import deployment, jobmanager, made, main, pod


def both(conf: dict[str, str], **changes: Any) -> tuple[dict[str, Any], ...]:
    return made(deployment(mode=Mode.STANDALONE, conf=conf, **changes)).deployments


def volume(found: dict[str, Any], name: str) -> Any:
    return next((item for item in pod(found).get("volumes", []) if item["name"] == name), None)


def mount(found: dict[str, Any], name: str) -> Any:
    return next((item for item in main(found)["volumeMounts"] if item["name"] == name), None)


@pytest.mark.row("C-088")
def test_secrets_become_folders_and_variables() -> None:
    conf = {
        "kubernetes.secrets": "db:/etc/db",
        "kubernetes.env.secretKeyRef": "env:PASSWORD,secret:db,key:pw",
    }
    for found in both(conf):
        assert volume(found, "db-volume")["secret"] == {"secretName": "db"}
        assert mount(found, "db-volume")["mountPath"] == "/etc/db"
        reference = {"secretKeyRef": {"name": "db", "key": "pw"}}
        assert {"name": "PASSWORD", "valueFrom": reference} in main(found)["env"]


@pytest.mark.parametrize(("index", "role"), [(0, "jobmanager"), (1, "taskmanager")])
def test_placement_adds_to_the_template(index: int, role: str) -> None:
    conf = {
        "kubernetes.container.image.pull-secrets": "a; b;",
        f"kubernetes.{role}.node-selector": "zone:x",
        f"kubernetes.{role}.tolerations": "key:k,operator:Exists,tolerationSeconds:60;Key:l",
    }
    template = {
        "spec": {
            "imagePullSecrets": [{"name": "own"}],
            "nodeSelector": {"disk": "ssd"},
            "tolerations": [{"key": "own"}],
        }
    }
    found = pod(both(conf, pod_template=template)[index])
    assert [secret["name"] for secret in found["imagePullSecrets"]] == ["own", "a", "b"]
    assert found["nodeSelector"] == {"disk": "ssd", "zone": "x"}
    assert found["tolerations"] == [
        {"key": "own"},
        {"key": "k", "operator": "Exists", "tolerationSeconds": 60},
        {"key": "l"},
    ]


def test_a_toleration_that_says_no_number_is_told() -> None:
    conf = {"kubernetes.jobmanager.tolerations": "tolerationSeconds:soon"}
    with pytest.raises(InvalidResource, match="is not a whole number"):
        both(conf)


HADOOP = {"kubernetes.hadoop.conf.config-map.name": "hadoop"}
HADOOP_OFF = {"kubernetes.decorator.hadoop-conf-mount.enabled": "false"}


@pytest.mark.row("C-088")
def test_hadoops_configuration_comes_from_the_users_config_map() -> None:
    for found in (*both(HADOOP), *both(HADOOP | HADOOP_OFF), jobmanager(deployment(conf=HADOOP))):
        assert volume(found, "hadoop-config-volume")["configMap"] == {"name": "hadoop"}
        assert {"name": "HADOOP_CONF_DIR", "value": "/opt/hadoop/conf"} in main(found)["env"]


def test_the_switch_speaks_to_native_mode_only() -> None:
    found = jobmanager(deployment(conf=HADOOP | HADOOP_OFF))
    assert volume(found, "hadoop-config-volume") is None


KERBEROS = {
    "security.kerberos.login.keytab": "/here/my.keytab",
    "security.kerberos.login.principal": "me",
    "security.kerberos.krb5-conf.path": "/here/krb.conf",
}


@pytest.mark.row("C-088")
def test_kerberos_files_come_from_objects_named_after_the_cluster() -> None:
    for found in (*both(KERBEROS), jobmanager(deployment(conf=KERBEROS))):
        secret = volume(found, "kerberos-keytab-volume")["secret"]
        assert secret == {"secretName": "kerberos-keytab-app"}
        krb5 = volume(found, "kerberos-krb5conf-volume")["configMap"]
        assert krb5["items"] == [{"key": "krb.conf", "path": "krb5.conf"}]
        assert mount(found, "kerberos-krb5conf-volume") == {
            "name": "kerberos-krb5conf-volume",
            "mountPath": "/etc/krb5.conf",
            "subPath": "krb5.conf",
        }


def test_the_cluster_reads_the_keytab_where_it_is_mounted() -> None:
    configuration = made(deployment(conf=KERBEROS)).dependents[2]["data"][OLD_NAME]
    wanted = "security.kerberos.login.keytab: /opt/kerberos/kerberos-keytab/my.keytab\n"
    assert wanted in configuration


def test_a_keytab_without_principal_is_no_login() -> None:
    conf = {"security.kerberos.login.keytab": "/x"}
    assert volume(jobmanager(deployment(conf=conf)), "kerberos-keytab-volume") is None


def test_variables_come_in_the_order_of_flinks_client() -> None:
    """As the client of Flink 1.20.5 wrote them for these keys."""
    order = ["ZED", "A_ONE", "LD_PRELOAD", "JAVA_OPTS", "ENABLE_BUILT_IN_PLUGINS"]
    conf = {f"containerized.master.env.{name}": "1" for name in sorted(order)}
    names = [item["name"] for item in main(jobmanager(deployment(conf=conf)))["env"]]
    assert names == [*order, "_POD_IP_ADDRESS"]
