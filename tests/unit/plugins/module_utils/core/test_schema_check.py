from __future__ import annotations

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.schema_check import nearest, shown

SECRET_PATHS = [
    "spec.flinkConfiguration.s3.secret-key",
    "spec.flinkConfiguration.s3.access-key",
    "spec.flinkConfiguration.security.ssl.rest.keystore-password",
    "spec.flinkConfiguration.fs.azure.account.key.x.blob.core.windows.net",
    "spec.flinkConfiguration.metrics.reporter.dghttp.apikey",
    "spec.flinkConfiguration.x.auth-params",
    "spec.flinkConfiguration.security.delegation.token.provider.s3.x",
    "spec.flinkConfiguration.my.Credentials",
    "spec.flinkConfiguration.properties.sasl.jaas.config",
    "spec.flinkConfiguration.kubernetes.operator.user.artifacts.http.header",
    "spec.podTemplate.spec.containers[0].env[0].value",
]


@pytest.mark.parametrize("path", SECRET_PATHS)
def test_the_value_of_a_secret_key_is_hidden(path: str) -> None:
    assert shown(path, "hunter2") == "***"
    assert shown(path, 42) == "***"


def test_a_secret_inside_a_value_is_hidden() -> None:
    assert shown("p", "-Dpassword=hunter2") == "***"
    assert shown("p", "s3://key:hunter2@bucket/x") == "`s3://***@bucket/x`"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "`x`"),
        (1, "1"),
        (1.5, "1.5"),
        (True, "true"),
        (None, "null"),
        ([], "a list"),
        ({}, "a map"),
    ],
)
def test_other_values_are_shown_as_they_are(value: object, text: str) -> None:
    assert shown("p", value) == text


def test_a_long_value_is_cut() -> None:
    assert len(shown("p", "x" * 500)) == 80


@pytest.mark.parametrize(
    ("word", "meant"),
    [("paralelism", "parallelism"), ("Mode", "mode"), ("xyz", ""), ("jarUri", "jarURI")],
)
def test_the_nearest_known_word_is_found(word: str, meant: str) -> None:
    assert nearest(word, ("parallelism", "mode", "jarURI")) == meant
