"""TLS with own trust and own key, against a real TLS server on loopback."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ansible_collections.flinkops.flink.plugins.module_utils.flink.access import (
    Access,
    Patience,
    Retry,
    Secret,
    Tls,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import (
    BadAccess,
    BrokenOff,
    TimedOut,
    TlsFailed,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.over_requests import (
    RequestsTransport,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.transport import Request

from .server import Exchange, answer, serving

GET = Request(method="GET", path="/config")
SHORT = timedelta(milliseconds=500)
HASTE = Patience(connect=SHORT, read=SHORT, total=SHORT)
NOW = dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Pair:
    """A certificate that signs itself, and its key, in files."""

    certificate: Path
    key: Path


def pair(folder: Path, name: str, host: str | None, password: bytes | None = None) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(hours=1))
        .not_valid_after(NOW + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    )
    if host:
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
        builder = builder.add_extension(names, critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    form = serialization.PrivateFormat.PKCS8
    locked: Any = serialization.NoEncryption()
    if password is not None:
        locked = serialization.BestAvailableEncryption(password)
    made = Pair(folder / f"{name}.pem", folder / f"{name}.key")
    made.certificate.write_bytes(certificate.public_bytes(pem))
    made.key.write_bytes(key.private_bytes(pem, form, locked))
    return made


@dataclass(frozen=True)
class Pki:
    server: Pair
    nameless: Pair
    client: Pair
    locked: Pair
    stranger: Pair


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    folder = tmp_path_factory.mktemp("pki")
    return Pki(
        server=pair(folder, "server", "127.0.0.1"),
        nameless=pair(folder, "nameless", None),
        client=pair(folder, "client", None),
        locked=pair(folder, "locked", None, b"s3cr3t"),
        stranger=pair(folder, "stranger", None),
    )


def speaks(own: Pair, *trusted: Pair) -> ssl.SSLContext:
    """A server that wants one of the trusted clients, if any are named."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.certificate, own.key)
    for client in trusted:
        context.load_verify_locations(client.certificate)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def send(context: ssl.SSLContext, tls: Tls) -> int:
    with serving(answer(), tls=context) as server:
        access = Access(url=server.url, patience=HASTE, retry=Retry(pauses=()), tls=tls)
        return RequestsTransport(access).send(GET).status


def test_a_server_of_our_own_trust_is_spoken_to(pki: Pki) -> None:
    assert send(speaks(pki.server), Tls(trust=pki.server.certificate)) == 200


@pytest.mark.parametrize("trusted", ["stranger", None])
def test_a_server_that_is_not_trusted_is_not_spoken_to(pki: Pki, trusted: str | None) -> None:
    trust = getattr(pki, trusted).certificate if trusted else None
    with pytest.raises(TlsFailed, match="certificate verify failed"):
        send(speaks(pki.server), Tls(trust=trust))


def test_the_environment_adds_no_trust(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pki.server.certificate))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(pki.server.certificate))
    with pytest.raises(TlsFailed):
        send(speaks(pki.server), Tls())


def test_a_certificate_without_the_hosts_name_needs_leave(pki: Pki) -> None:
    trust = pki.nameless.certificate
    with pytest.raises(TlsFailed):
        send(speaks(pki.nameless), Tls(trust=trust))
    assert send(speaks(pki.nameless), Tls(trust=trust, verify_host=False)) == 200


def test_without_host_names_the_trust_still_counts(pki: Pki) -> None:
    with pytest.raises(TlsFailed):
        send(speaks(pki.nameless), Tls(trust=pki.server.certificate, verify_host=False))


def test_a_server_that_wants_a_client_certificate_gets_ours(pki: Pki) -> None:
    own = Tls(trust=pki.server.certificate, certificate=pki.client.certificate, key=pki.client.key)
    assert send(speaks(pki.server, pki.client), own) == 200


@pytest.mark.parametrize("name", ["stranger", None])
def test_a_client_that_the_server_does_not_know_is_told_so(pki: Pki, name: str | None) -> None:
    own: Pair | None = getattr(pki, name) if name else None
    tls = Tls(
        trust=pki.server.certificate,
        certificate=own.certificate if own else None,
        key=own.key if own else None,
    )
    with pytest.raises((TlsFailed, BrokenOff), match="certificate"):
        send(speaks(pki.server, pki.client), tls)


def test_a_locked_key_needs_its_password_and_never_asks_at_the_terminal(pki: Pki) -> None:
    def tls(password: str | None) -> Tls:
        return Tls(
            trust=pki.server.certificate,
            certificate=pki.locked.certificate,
            key=pki.locked.key,
            key_password=Secret(password) if password else None,
        )

    assert send(speaks(pki.server, pki.locked), tls("s3cr3t")) == 200
    for wrong in ("guess", None):
        with pytest.raises(BadAccess, match="cannot be used") as caught:
            send(speaks(pki.server, pki.locked), tls(wrong))
        assert "guess" not in str(caught.value)


def test_trust_that_cannot_be_read_is_named(pki: Pki, tmp_path: Path) -> None:
    with pytest.raises(BadAccess, match=r"none\.pem"):
        send(speaks(pki.server), Tls(trust=tmp_path / "none.pem"))


def test_a_tls_server_that_hangs_or_hangs_up_is_not_a_matter_of_trust(pki: Pki) -> None:
    tls = Tls(trust=pki.server.certificate)
    for behave, error in ((silent, TimedOut), (hangs_up, BrokenOff), (drips, TimedOut)):
        with serving(behave, tls=speaks(pki.server)) as server:
            access = Access(url=server.url, patience=HASTE, retry=Retry(pauses=()), tls=tls)
            with pytest.raises(error):
                RequestsTransport(access).send(GET)


def silent(exchange: Exchange) -> None:
    exchange.over.wait()


def drips(exchange: Exchange) -> None:
    exchange.drip(b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 100000)


def hangs_up(exchange: Exchange) -> None:
    exchange.connection.close()


def test_plain_http_where_tls_is_wanted_is_a_tls_failure() -> None:
    with serving(answer()) as server:
        url = server.url.replace("http:", "https:")
        access = Access(url=url, patience=HASTE, retry=Retry(pauses=()))
        with pytest.raises(TlsFailed):
            RequestsTransport(access).send(GET)
