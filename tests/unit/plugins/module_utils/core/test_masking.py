# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""No secret survives in what a person may see, whatever its form; the rest stays readable."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.masking import (
    MASK,
    masked,
    masked_text,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.yaml_text import to_yaml

HIDDEN = "h3ar-of-it-n0where"
KEYS = (
    "s3.secret-key",
    "s3.access-key",
    "fs.s3a.access.key",
    "fs.azure.account.key.store.blob.core.windows.net",
    "security.ssl.rest.keystore-password",
    "security.ssl.rest.key-password",
    "metrics.reporter.dd.apikey",
    "metrics.reporter.otel.http-headers",
    "gs.service-key",
    "rest.basic-auth",
    "security.kerberos.jaas.config",
    "oauth.auth-params",
    "DB_PASSWORD",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "some.api-key",
    "x.credentials",
    "bearer-token",
)
PLAIN = {
    "taskmanager.numberOfTaskSlots": "2",
    "state.checkpoints.dir": "s3://bucket/cp",
    "kubernetes.container.image.ref": "registry:5000/token-counter:1.20",
}


def nested(key: str, value: Any) -> Any:
    for part in reversed(key.split(".")):
        value = {part: value}
    return value


def resource(spec: dict[str, Any]) -> dict[str, Any]:
    return {"apiVersion": "flink.apache.org/v1beta1", "kind": "FlinkDeployment", "spec": spec}


def config_map(text: str) -> dict[str, Any]:
    return {"kind": "ConfigMap", "data": {"config.yaml": text}}


FORMS = {
    "a flat configuration": lambda key: resource({"flinkConfiguration": {**PLAIN, key: HIDDEN}}),
    "a nested one": lambda key: resource({"flinkConfiguration": nested(key, HIDDEN)}),
    "a list in one": lambda key: resource({"flinkConfiguration": nested(key, [HIDDEN])}),
    "flink-conf.yaml": lambda key: config_map(f"a.b: c\n{key}: {HIDDEN}\nd: e\n"),
    "config.yaml": lambda key: config_map(yaml.safe_dump(nested(key, HIDDEN))),
    "config.yaml with a list": lambda key: config_map(yaml.safe_dump(nested(key, [HIDDEN]))),
    "config.yaml, block": lambda key: config_map(to_yaml([nested(key, f"first\n{HIDDEN}\n")])),
    "config.yaml, lists set off": lambda key: config_map(to_yaml([nested(key, [HIDDEN, "b"])])),
    "properties": lambda key: config_map(f"rootLogger.level = INFO\n{key} = {HIDDEN}\n"),
    "quoted": lambda key: config_map(f'"{key}": "{HIDDEN}"\n'),
    "an environment": lambda key: resource({"env": [{"name": key, "value": HIDDEN}]}),
    "an environment as text": lambda key: config_map(
        yaml.safe_dump({"env": [{"name": "A", "value": "b"}, {"name": key, "value": HIDDEN}]})
    ),
    "an environment as our text": lambda key: config_map(
        to_yaml([{"spec": {"env": [{"name": key, "value": HIDDEN}, {"name": "A", "value": "b"}]}}])
    ),
    "an argument": lambda key: resource({"job": {"args": [f"--{key}={HIDDEN}"]}}),
    "two arguments": lambda key: resource({"job": {"args": [f"--{key}", HIDDEN]}}),
    "an option of Java": lambda key: resource({"env.java.opts": f"-Xmx1g -D{key}={HIDDEN}"}),
    "what kubectl applied last": lambda key: {
        "metadata": {"annotations": {"last-applied": json.dumps(resource(nested(key, HIDDEN)))}}
    },
    "a Secret": lambda key: {"kind": "Secret", "data": {"a": HIDDEN}, "stringData": {"b": HIDDEN}},
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_no_secret_survives(form: Any) -> None:
    for key in KEYS:
        item = form(key)
        assert HIDDEN in to_yaml([item])
        assert HIDDEN not in to_yaml([masked(item)]), key


def test_everything_else_stays_as_it_is() -> None:
    item = resource({"flinkConfiguration": PLAIN, "job": {"args": ["--input", "a=b"], "n": 1}})
    assert masked(item) == item
    text = "".join(f"{key}: {value}\n" for key, value in PLAIN.items())
    assert masked(config_map(text)) == config_map(text)


def test_only_the_value_is_masked() -> None:
    text = "a: 1\nsecret: x\nb:\n  password: y\n  c: 2\nd:\n- 3\n"
    assert masked_text(text) == "a: 1\nsecret: ***\nb:\n  password: ***\n  c: 2\nd:\n- 3\n"


def test_a_secret_block_ends_where_its_indent_does() -> None:
    text = "password: |\n  one\n  two\nplain: |\n  three\n"
    assert masked_text(text) == "password: ***\n  ***\n  ***\nplain: |\n  three\n"


def test_one_variable_does_not_hide_the_next() -> None:
    text = "env:\n- name: TOKEN\n  value: x\n- name: MODE\n  value: fast\n"
    assert masked_text(text) == "env:\n- name: TOKEN\n  value: ***\n- name: MODE\n  value: fast\n"


def test_a_name_hides_the_value_beside_it_and_nothing_else() -> None:
    text = "- name: token-counter\n  image: x\n  value: y\n"
    assert masked_text(text) == "- name: token-counter\n  image: x\n  value: ***\n"


def test_truth_values_and_nothing_are_no_secrets() -> None:
    item = {"security.tokens.enabled": True, "password": None, "secret": ""}
    assert masked(item) == item


def test_a_number_may_be_a_secret() -> None:
    assert masked({"password": 1234}) == {"password": MASK}


def test_what_looks_like_json_and_is_none_is_read_as_a_text() -> None:
    assert masked(f"{{password={HIDDEN}") == "{password=***"


@given(st.text(max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    assert masked_text(text).count("\n") == text.count("\n")
