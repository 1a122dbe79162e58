from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.flink.access import (
    Access,
    Secret,
    Tls,
    basic,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import BadAccess


@pytest.mark.parametrize(
    "url",
    [
        "flink:8081",
        "ftp://flink:8081",
        "http://",
        "http://flink:port",
        "http://flink:8081/?a=b",
        "http://flink:8081/#x",
        "http://[::1",
        "",
    ],
)
def test_what_is_no_url_of_an_api_is_refused(url: str) -> None:
    with pytest.raises(BadAccess):
        Access(url=url)


def test_a_password_in_the_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(BadAccess) as caught:
        Access(url="http://ann:s3cr3t@flink:8081")
    assert "s3cr3t" not in str(caught.value)


def test_a_key_without_its_certificate_is_refused() -> None:
    with pytest.raises(BadAccess, match="certificate"):
        Access(url="https://flink:8081", tls=Tls(key=Path("key.pem")))


def test_no_repr_shows_a_secret() -> None:
    tls = Tls(certificate=Path("c.pem"), key_password=Secret("s3cr3t"))
    access = Access(url="https://flink", authorisation=basic("ann", "pw"), tls=tls)
    assert "s3cr3t" not in repr(access)
    assert basic("ann", "pw").value not in repr(access)
