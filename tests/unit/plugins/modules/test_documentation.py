"""What the documentation says of a module is what the module does."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Move
from ansible_collections.flinkops.flink.plugins.module_utils.verbs.options import CONNECTION

from .catalogue import ACTIONS, MODULES, ROOT, documentation, examples, module, returned, verb
from .ways import PLUGINS

SAID = ("type", "default", "choices", "elements", "required")
SECRETS = {"password", "token"}
OUR_WORDS = {"check_mode", "diff_mode", "platform", "action", "async"}
EXAMPLES = [
    pytest.param(task, id=f"{name}: {task['name']}") for name in MODULES for task in examples(name)
]


def spoken(option: dict[str, Any]) -> dict[str, Any]:
    """What options are compared by; nothing said and the default said are the same."""
    found = {key: option[key] for key in SAID if option.get(key) is not None}
    return {**found, "required": bool(option.get("required"))}


@pytest.mark.parametrize("name", MODULES)
def test_the_documented_options_are_the_arguments(name: str) -> None:
    documented = {key: spoken(option) for key, option in documentation(name)["options"].items()}
    accepted = {key: spoken(option) for key, option in verb(name).ARGUMENT_SPEC.items()}
    assert documented == accepted


@pytest.mark.parametrize("name", MODULES)
def test_every_option_is_described(name: str) -> None:
    for key, option in documentation(name)["options"].items():
        assert option["description"], key


@pytest.mark.parametrize("name", MODULES)
def test_what_is_secret_is_not_logged(name: str) -> None:
    spec = verb(name).ARGUMENT_SPEC
    hidden = {key for key, option in spec.items() if option.get("no_log")}
    assert hidden == SECRETS & set(spec)


@pytest.mark.parametrize("name", MODULES)
def test_every_module_says_how_it_behaves(name: str) -> None:
    assert set(documentation(name)["attributes"]) == OUR_WORDS


@pytest.mark.parametrize("name", MODULES)
def test_the_file_is_named_as_the_module(name: str) -> None:
    said = documentation(name)
    assert said["module"] == name
    assert said["version_added"] == "0.1.0"


def test_every_module_has_its_action_and_every_action_its_module() -> None:
    assert MODULES == ACTIONS


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_takes_what_its_module_takes(name: str) -> None:
    action = importlib.import_module(f"{PLUGINS}.action.{name}").ActionModule
    assert action.spec is verb(name).ARGUMENT_SPEC
    assert module(name).ARGUMENT_SPEC is verb(name).ARGUMENT_SPEC
    assert module(name).execute is verb(name).execute
    assert action.rules == getattr(verb(name), "RULES", {})


def test_the_moves_are_those_that_a_plan_can_name() -> None:
    named = [documentation(name)["options"]["move"]["choices"] for name in ("cluster", "job")]
    documented = [move for choices in named for move in choices]
    elsewhere = {Move.NOTHING, Move.DELETE_RESOURCE, Move.RELEASE_FINALIZER}
    assert sorted(documented) == sorted(move.value for move in Move if move not in elsewhere)


def test_the_action_group_holds_the_modules_that_talk_to_kubernetes() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
    connected = [name for name in MODULES if set(CONNECTION) <= set(verb(name).ARGUMENT_SPEC)]
    assert sorted(runtime["action_groups"]["flink"]) == connected


@pytest.mark.parametrize("task", EXAMPLES)
def test_an_example_is_a_task_that_is_accepted(task: dict[str, Any]) -> None:
    used = next(key for key in task if "." in key)
    namespace, _, name = used.rpartition(".")
    assert namespace in {"flinkops.flink", "ansible.builtin"}
    if namespace == "flinkops.flink":
        checked = ArgumentSpecValidator(verb(name).ARGUMENT_SPEC).validate(task[used])
        # A template's value is known only when the task runs.
        wrong = [error for error in checked.error_messages if "{{" not in error]
        assert wrong == []


@pytest.mark.parametrize("name", MODULES)
def test_every_module_has_examples_and_uses_itself_in_them(name: str) -> None:
    assert f"flinkops.flink.{name}" in {key for task in examples(name) for key in task}


@pytest.mark.parametrize("name", MODULES)
def test_every_value_that_comes_back_is_typed(name: str) -> None:
    for key, value in returned(name).items():
        assert {"description", "returned", "type"} <= set(value), key
