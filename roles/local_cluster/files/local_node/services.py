"""The table of programs that make a node, in the order in which they start."""

from __future__ import annotations

import socket
import ssl
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    name: str
    argv: tuple[str, ...]
    starts_after: Callable[[Settings], bool]


def services(settings: Settings) -> tuple[Service, ...]:
    def service(
        name: str, argv: tuple[str, ...], starts_after: Callable[[Settings], bool]
    ) -> Service:
        return Service(name=name, argv=argv, starts_after=starts_after)

    return (
        service("containerd", _containerd(settings), at_once),
        service("etcd", _etcd(settings), at_once),
        service("kube-apiserver", _apiserver(settings), store_listens),
        service("kube-controller-manager", _controller_manager(settings), api_is_ready),
        service("kube-scheduler", _scheduler(settings), api_is_ready),
        service("kubelet", _kubelet(settings), runtime_and_api_are_ready),
        service("kube-proxy", _proxy(settings), api_is_ready),
        service("coredns", _coredns(settings), api_is_ready),
    )


def at_once(_settings: Settings) -> bool:
    return True


def store_listens(settings: Settings) -> bool:
    return listens(settings.etcd_socket)


def runtime_and_api_are_ready(settings: Settings) -> bool:
    return listens(settings.containerd_socket) and api_is_ready(settings)


def listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0


def api_is_ready(settings: Settings) -> bool:
    return api_get(settings, "/readyz") == "ok"


def api_get(settings: Settings, path: str) -> str:
    """The answer of the API server to an administrator; nothing where it gives none."""
    try:
        trust = ssl.create_default_context(cafile=str(settings.pki("ca.crt")))
        trust.load_cert_chain(settings.pki("admin.crt"), settings.pki("admin.key"))
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust)
        )
        with opener.open(f"{settings.api_url}{path}", timeout=3) as answer:
            text: str = answer.read().decode()
            return text
    except OSError:
        return ""


def _containerd(settings: Settings) -> tuple[str, ...]:
    return ("containerd", "--config", str(settings.config("containerd.toml")))


def _etcd(settings: Settings) -> tuple[str, ...]:
    return (
        str(settings.program("etcd")),
        f"--data-dir={settings.state}/etcd/data",
        f"--socket={settings.etcd_socket}",
    )


def _apiserver(settings: Settings) -> tuple[str, ...]:
    return (
        str(settings.program("kube-apiserver")),
        f"--etcd-servers=unix://{settings.etcd_socket}",
        f"--advertise-address={settings.node_ip}",
        f"--bind-address={settings.node_ip}",
        f"--secure-port={settings.api_port}",
        f"--tls-cert-file={settings.pki('apiserver.crt')}",
        f"--tls-private-key-file={settings.pki('apiserver.key')}",
        f"--client-ca-file={settings.pki('ca.crt')}",
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        "--allow-privileged=true",
        f"--kubelet-certificate-authority={settings.pki('ca.crt')}",
        f"--kubelet-client-certificate={settings.pki('apiserver-kubelet-client.crt')}",
        f"--kubelet-client-key={settings.pki('apiserver-kubelet-client.key')}",
        "--kubelet-preferred-address-types=InternalIP",
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        f"--service-account-key-file={settings.pki('service-accounts.pub')}",
        f"--service-account-signing-key-file={settings.pki('service-accounts.key')}",
        f"--service-cluster-ip-range={settings.service_cidr}",
    )


def _asks_the_api(settings: Settings, client: str) -> tuple[str, ...]:
    kubeconfig = settings.config(f"{client}.kubeconfig")
    return (
        f"--kubeconfig={kubeconfig}",
        f"--authentication-kubeconfig={kubeconfig}",
        f"--authorization-kubeconfig={kubeconfig}",
        f"--bind-address={settings.node_ip}",
        "--leader-elect=false",
    )


def _controller_manager(settings: Settings) -> tuple[str, ...]:
    return (
        str(settings.program("kube-controller-manager")),
        *_asks_the_api(settings, "controller-manager"),
        "--use-service-account-credentials=true",
        f"--root-ca-file={settings.pki('ca.crt')}",
        f"--service-account-private-key-file={settings.pki('service-accounts.key')}",
        f"--cluster-signing-cert-file={settings.pki('ca.crt')}",
        f"--cluster-signing-key-file={settings.pki('ca.key')}",
        f"--flex-volume-plugin-dir={settings.state}/kubelet/plugins",
    )


def _scheduler(settings: Settings) -> tuple[str, ...]:
    return (
        str(settings.program("kube-scheduler")),
        *_asks_the_api(settings, "scheduler"),
    )


def _kubelet(settings: Settings) -> tuple[str, ...]:
    return (
        str(settings.program("kubelet")),
        f"--config={settings.config('kubelet.json')}",
        f"--kubeconfig={settings.config('kubelet.kubeconfig')}",
        f"--root-dir={settings.state}/kubelet",
        f"--hostname-override={settings.node_name}",
        f"--node-ip={settings.node_ip}",
    )


def _proxy(settings: Settings) -> tuple[str, ...]:
    return (
        str(settings.program("kube-proxy")),
        f"--config={settings.config('proxy.json')}",
    )


def _coredns(settings: Settings) -> tuple[str, ...]:
    return (
        str(settings.program("coredns")),
        "-conf",
        str(settings.config("Corefile")),
        "-pidfile",
        "",
    )
