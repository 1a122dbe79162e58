# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Rules about where the job's program is.

Knows which forms of jarURI each mode and version of Flink takes. Refuses to know whether the jar
is there: only the cluster can tell.
"""

from __future__ import annotations

import re

from .spec import FlinkVersion
from .validate_rule import Facts, Rule, at

_URI = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*:)?([!$&-;=?-Z_a-z~\[\]@#]|%[0-9A-Fa-f]{2})+")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_PYTHON_CLASS = "org.apache.flink.client.python."
_PYTHON_ARGS = frozenset({"-py", "-pym", "--python", "--pyModule"})
_PATH = "spec.job.jarURI"


def _uri(facts: Facts) -> str:
    return (facts.spec.job and facts.spec.job.jar_uri) or ""


def _scheme(facts: Facts) -> str:
    found = _SCHEME.match(_uri(facts))
    return found[1].lower() if found else ""


def is_python(facts: Facts) -> bool:
    job = facts.spec.job
    if job is None:
        return False
    by_class = (job.entry_class or "").startswith(_PYTHON_CLASS)
    return by_class or not _PYTHON_ARGS.isdisjoint(job.args)


def _jars(facts: Facts) -> int:
    if _uri(facts):
        return 1
    return len([jar for jar in facts.get("pipeline.jars").split(";") if jar.strip()])


def _is_native_job(facts: Facts) -> bool:
    return facts.spec.job is not None and not facts.spec.is_standalone


def _needs_local(facts: Facts) -> bool:
    version = facts.spec.flink_version
    early = version is not None and not version.at_least(FlinkVersion.V1_19)
    return _is_native_job(facts) and early and bool(_uri(facts)) and _scheme(facts) != "local"


def _has_no_scheme(facts: Facts) -> bool:
    uri = _uri(facts)
    if not uri or _scheme(facts) or _needs_local(facts):
        return False
    return facts.spec.is_standalone or not uri.startswith("/")


def _starts_with_a_host(facts: Facts) -> bool:
    rest = _uri(facts).partition(":")[2]
    return _scheme(facts) == "local" and not re.match(r"/([^/]|//)", rest)


RULES: tuple[Rule, ...] = (
    Rule(
        name="a_native_job_runs_from_one_jar",
        find=at(
            _PATH,
            lambda f: _is_native_job(f) and _jars(f) != 1 and not is_python(f),
        ),
        rule="a job in native mode needs exactly one jar, unless it is a Python job",
        next_step="Write where it is, for example `jarURI: local:///opt/flink/usrlib/job.jar`.",
    ),
    Rule(
        name="a_jar_uri_must_be_a_uri",
        find=at(_PATH, lambda f: _uri(f) and not _URI.fullmatch(_uri(f)), _uri),
        rule="must be a URI, without blanks",
        next_step="Write blanks and other special characters as %20 and so on.",
    ),
    Rule(
        name="a_jar_uri_needs_a_scheme",
        find=at(_PATH, _has_no_scheme, _uri),
        rule="must say how the jar is reached",
        next_step="For a file in the image put local:// before its path.",
    ),
    Rule(
        name="before_flink_1_19_the_jar_is_in_the_image",
        find=at(_PATH, _needs_local, _uri),
        rule="before Flink 1.19 a job in native mode runs from a jar in the image",
        next_step="Put the jar into the image and write local:///path, or use Flink 1.19 or later.",
    ),
    Rule(
        name="a_local_jar_uri_names_no_host",
        find=at(_PATH, _starts_with_a_host, _uri),
        rule="local: must be followed by an absolute path; the first name is read as a host here",
        next_step="Write three slashes: local:///opt/flink/usrlib/job.jar.",
    ),
)
