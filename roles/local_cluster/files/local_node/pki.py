"""The cluster's certificates, made by openssl. Keys go to files of mode 0600, never to argv."""

from __future__ import annotations

from dataclasses import dataclass

from .commands import run
from .settings import Settings

DAYS = "3650"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    name: str
    common_name: str
    organisation: str = ""
    server_names: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        organisation = f"/O={self.organisation}" if self.organisation else ""
        return f"{organisation}/CN={self.common_name}"


def certificates(settings: Settings) -> tuple[Certificate, ...]:
    node = settings.node_name
    api_names = (
        "DNS:localhost", "DNS:kubernetes", "DNS:kubernetes.default", "DNS:kubernetes.default.svc",
        "DNS:kubernetes.default.svc.cluster.local", "IP:127.0.0.1",
        f"IP:{settings.node_ip}", f"IP:{settings.api_service_ip}",
    )  # fmt: skip
    return (
        Certificate(name="apiserver", common_name="kube-apiserver", server_names=api_names),
        Certificate(
            name="apiserver-kubelet-client",
            common_name="kube-apiserver-kubelet-client",
            organisation="system:masters",
        ),
        Certificate(
            name="kubelet-server",
            common_name=node,
            server_names=(f"DNS:{node}", f"IP:{settings.node_ip}"),
        ),
        Certificate(name="kubelet", common_name=f"system:node:{node}", organisation="system:nodes"),
        Certificate(name="controller-manager", common_name="system:kube-controller-manager"),
        Certificate(name="scheduler", common_name="system:kube-scheduler"),
        Certificate(name="proxy", common_name="system:kube-proxy"),
        Certificate(name="dns", common_name="system:coredns"),
        Certificate(name="admin", common_name="admin", organisation="system:masters"),
    )


def write_pki(settings: Settings) -> None:
    settings.pki("").mkdir(mode=0o700, parents=True, exist_ok=True)
    _make_authority(settings)
    for certificate in certificates(settings):
        _make_certificate(settings, certificate)
    run("openssl", "genrsa", "-out", settings.pki("service-accounts.key"), "2048")
    public = run("openssl", "rsa", "-in", settings.pki("service-accounts.key"), "-pubout")
    settings.pki("service-accounts.pub").write_text(public)


def _make_authority(settings: Settings) -> None:
    run(
        *_request(settings, "ca", "/CN=flinkops-local-cluster"),
        "-addext", "basicConstraints=critical,CA:TRUE",
        "-addext", "keyUsage=critical,digitalSignature,keyCertSign,cRLSign",
    )  # fmt: skip


def _make_certificate(settings: Settings, certificate: Certificate) -> None:
    use = "serverAuth" if certificate.server_names else "clientAuth"
    words = [
        "-CA", str(settings.pki("ca.crt")), "-CAkey", str(settings.pki("ca.key")),
        "-addext", "basicConstraints=critical,CA:FALSE",
        "-addext", f"extendedKeyUsage={use}",
    ]  # fmt: skip
    if certificate.server_names:
        words += ["-addext", f"subjectAltName={','.join(certificate.server_names)}"]
    run(*_request(settings, certificate.name, certificate.subject), *words)


def _request(settings: Settings, name: str, subject: str) -> tuple[str, ...]:
    # -config: without it the system's file adds extensions of its own, some of them twice.
    return (
        "openssl", "req", "-x509", "-config", str(settings.config("openssl.cnf")),
        "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", DAYS,
        "-subj", subject,
        "-keyout", str(settings.pki(f"{name}.key")), "-out", str(settings.pki(f"{name}.crt")),
    )  # fmt: skip
