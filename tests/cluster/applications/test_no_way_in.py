"""No API server, no credentials, no definitions: one clear message, and nothing is written."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from support.api_gate import UNKNOWN_PATH, Gate, Reply, gate_before, kubeconfig_for
from support.cluster import Cluster
from support.custom_resource import custom_resource
from support.playbook import Failure, Player

TOKEN = "not-a-token-that-anyone-gave"  # noqa: S105


@pytest.fixture
def gate(kubeconfig: Path) -> Iterator[Gate]:
    with gate_before(kubeconfig) as gate:
        yield gate


def deploys(folder: Path, kubeconfig: Path, namespace: str = "default") -> Failure:
    """One try of deploy.yml by somebody with this kubeconfig."""
    person = Player(folder, kubeconfig)
    person.write("orders.yaml", custom_resource("orders", namespace))
    try:
        run = person.deploy(cr="orders.yaml", deploy_timeout=10)
    finally:
        person.leave()
    assert TOKEN not in f"{run}"
    return run.failure


def written(folder: Path, content: Any) -> Path:
    path = folder / "own.kubeconfig"
    path.write_text(yaml.safe_dump(content))
    return path


def ca_of(kubeconfig: Path) -> dict[str, Any]:
    cluster = yaml.safe_load(kubeconfig.read_text())["clusters"][0]["cluster"]
    return {name: value for name, value in cluster.items() if name != "server"}


def test_no_definitions(gate: Gate, tmp_path: Path) -> None:
    gate.answer("/apis/flink.apache.org", UNKNOWN_PATH)
    failure = deploys(tmp_path, gate.kubeconfig(tmp_path))
    assert failure.reason == "custom_resource_definition_not_installed"
    assert "install.yml" in failure.msg
    assert gate.writes() == []


def test_no_api_server(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = f"https://127.0.0.1:{taken.getsockname()[1]}"
    failure = deploys(tmp_path, written(tmp_path, kubeconfig_for(free)))
    assert failure.reason == "api_server_unreachable"
    for word in (free, "refused", "Check the kubeconfig", "run this again"):
        assert word in failure.msg, failure.msg


def test_an_unknown_name_of_the_api_server(tmp_path: Path) -> None:
    failure = deploys(
        tmp_path, written(tmp_path, kubeconfig_for("https://no-such-host.invalid:6443"))
    )
    assert failure.reason == "api_server_unreachable"
    assert "no-such-host.invalid" in failure.msg


def test_an_api_server_that_nobody_vouches_for(cluster: Cluster, tmp_path: Path) -> None:
    failure = deploys(tmp_path, written(tmp_path, kubeconfig_for(cluster.host)))
    assert failure.reason == "api_server_unreachable"
    assert "certificate" in failure.msg


def test_a_refused_token(cluster: Cluster, kubeconfig: Path, tmp_path: Path) -> None:
    own = kubeconfig_for(cluster.host, {"token": TOKEN}, **ca_of(kubeconfig))
    failure = deploys(tmp_path, written(tmp_path, own))
    assert failure.reason == "kubernetes_credentials_refused"
    assert "401" in failure.msg
    assert "Log in again or renew" in failure.msg


def test_an_expired_certificate(cluster: Cluster, kubeconfig: Path, tmp_path: Path) -> None:
    certificate, key = expired(tmp_path)
    user = {"client-certificate": str(certificate), "client-key": str(key)}
    own = kubeconfig_for(cluster.host, user, **ca_of(kubeconfig))
    failure = deploys(tmp_path, written(tmp_path, own))
    assert failure.reason == "kubernetes_credentials_refused"
    assert "Log in again or renew" in failure.msg


def expired(folder: Path) -> tuple[Path, Path]:
    """Over since yesterday; the API server looks at that before it asks who signed it."""
    certificate, key = folder / "client.crt", folder / "client.key"
    now = dt.datetime.now(dt.UTC)
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "nobody")])
    made = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=private.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - dt.timedelta(days=2),
        not_valid_after=now - dt.timedelta(days=1),
    ).sign(private, hashes.SHA256())
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(private.private_bytes(serialization.Encoding.PEM, *form))
    return certificate, key


@pytest.mark.parametrize("text", [None, "", "clusters: [", "apiVersion: v1\nkind: Config\n"])
def test_a_kubeconfig_that_is_none(tmp_path: Path, text: str | None) -> None:
    own = tmp_path / "own.kubeconfig"
    if text is not None:
        own.write_text(text)
    failure = deploys(tmp_path, own)
    assert failure.reason == "no_kubernetes_credentials"
    assert "own.kubeconfig" in failure.msg
    assert "Set KUBECONFIG" in failure.msg


def test_an_account_that_may_nothing(
    cluster: Cluster, kubeconfig: Path, namespace: str, tmp_path: Path
) -> None:
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts/default/token"
    token = cluster.ask("POST", path, {"spec": {"expirationSeconds": 600}}).body["status"]["token"]
    own = kubeconfig_for(cluster.host, {"token": token}, **ca_of(kubeconfig))
    failure = deploys(tmp_path, written(tmp_path, own), namespace)
    assert failure.reason == "kubernetes_forbids_it"
    for word in ("flinkdeployments", "serviceaccount", "Ask for the right"):
        assert word in failure.msg
    assert token not in failure.msg


def test_a_server_that_is_no_api_server(gate: Gate, tmp_path: Path) -> None:
    gate.answer("/", Reply(status=200, body=b"<html>hello</html>", content_type="text/html"))
    failure = deploys(tmp_path, gate.kubeconfig(tmp_path))
    assert "is this a Kubernetes API?" in failure.msg
