# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What can go wrong between us and Flink's REST API, each class named for what happened.

FlinkError
├── NotSeen                nothing was learnt of Flink: silence is not absence
│   ├── Unreachable        no connection came about
│   ├── TimedOut           connected, but no whole answer in time
│   ├── BrokenOff          the connection ended before the whole answer
│   ├── TlsFailed          the two sides do not trust each other, or do not speak TLS
│   ├── NotLeaderYet       Flink answers, but has no leading JobManager at the moment
│   ├── Unavailable        a gateway answered in Flink's place (502, 503, 504)
│   ├── Redirected         sent elsewhere, which is not followed
│   └── Rubbish            an answer, but not one of Flink's
│       └── TooLarge       more bytes than are taken
├── Answered               Flink, or a gateway before it, said no
│   ├── Unauthorised       401, 403
│   ├── NotFound           404: no such job, checkpoint, jar
│   │   ├── Forgotten      404: Flink does not know that trigger (any more)
│   │   └── NotServed      404: this Flink has no such endpoint
│   ├── Conflict           409
│   │   └── DuplicateJob   that job id was submitted before
│   ├── Refused            any other 4xx
│   └── Failed             5xx
├── NotSupported           known beforehand: this version of Flink cannot do it
├── BadAccess              our own settings cannot be used: URL, trust, key
└── LibraryMissing         the Python library `requests` is not installed
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

LONGEST_DETAIL = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The request in words that may be shown: no credentials in the URL."""

    method: str
    url: str

    @property
    def is_a_question(self) -> bool:
        """It can have changed nothing."""
        return self.method in {"GET", "HEAD"}

    def __str__(self) -> str:
        return f"{self.method} {self.url}"


class FlinkError(Exception):
    """`reason` is stable: it may stand in a status, a condition or a metric.

    `again`: how often the request had been sent before it was answered so.
    """

    reason: ClassVar[str] = "FlinkError"
    next_step: ClassVar[str] = ""

    def __init__(
        self, came: str, *, asked: Asked | None = None, status: int | None = None, hint: str = ""
    ) -> None:
        self.came = shortened(came)
        self.asked = asked
        self.status = status
        self.hint = hint or self.next_step
        self.again = 0
        super().__init__(self._in_words())

    @property
    def may_have_been_done(self) -> bool:
        """Whether Flink may have carried the request out all the same."""
        return False

    def _in_words(self) -> str:
        asked = f"{self.asked}: " if self.asked else ""
        done = "; Flink may have done it all the same" if self.may_have_been_done else ""
        return f"{asked}{self.came}{done}" + (f". {self.hint}" if self.hint else "")


class NotSeen(FlinkError):
    reason = "NotSeen"

    @property
    def may_have_been_done(self) -> bool:
        return self.asked is not None and not self.asked.is_a_question


class Unreachable(NotSeen):
    reason = "Unreachable"
    next_step = "See whether the JobManager pod runs and its rest service has an endpoint"

    @property
    def may_have_been_done(self) -> bool:
        return False


class TimedOut(NotSeen):
    reason = "TimedOut"
    next_step = "The JobManager may be busy or hang: see its pod's log and CPU"


class BrokenOff(NotSeen):
    reason = "BrokenOff"
    next_step = "The JobManager may have been restarted: see its pod"


class TlsFailed(NotSeen):
    reason = "TlsFailed"
    next_step = (
        "Compare security.ssl.rest.* of the cluster with the trust, certificate and key given here"
    )


class NotLeaderYet(NotSeen):
    reason = "NotLeaderYet"
    next_step = "Wait for the leader election; if it lasts, see the JobManager's log"

    @property
    def may_have_been_done(self) -> bool:
        return False


class Unavailable(NotSeen):
    reason = "Unavailable"
    next_step = "See whether the service or ingress before Flink has a ready JobManager behind it"


class Redirected(NotSeen):
    reason = "Redirected"
    next_step = "Give the URL of Flink's REST API itself; redirects are not followed"

    @property
    def may_have_been_done(self) -> bool:
        return False


class Rubbish(NotSeen):
    reason = "Rubbish"
    next_step = "See whether this URL is Flink's REST API and not a proxy, login or error page"


class TooLarge(Rubbish):
    reason = "TooLarge"


class Answered(FlinkError):
    reason = "Answered"


class Unauthorised(Answered):
    reason = "Unauthorised"
    next_step = "See the user, password or token for the gateway before Flink"


class NotFound(Answered):
    reason = "NotFound"


class Forgotten(NotFound):
    """Flink keeps results for rest.async.store-duration (5 min) and loses them with its leader."""

    reason = "Forgotten"
    next_step = "The snapshot may still exist: look for it in the checkpoints or at its target"


class NotServed(NotFound):
    reason = "NotServed"
    next_step = "This Flink has no such endpoint: see its version, and web.submit.enable for jars"


class Conflict(Answered):
    reason = "Conflict"


class DuplicateJob(Conflict):
    reason = "DuplicateJob"
    next_step = "A job with this id was submitted before: look at it, or choose another id"


class Refused(Answered):
    reason = "Refused"


class Failed(Answered):
    reason = "Failed"
    next_step = "See the JobManager's log"

    @property
    def may_have_been_done(self) -> bool:
        return self.asked is not None and not self.asked.is_a_question


class NotSupported(FlinkError):
    reason = "NotSupported"


class BadAccess(FlinkError):
    reason = "BadAccess"


class LibraryMissing(FlinkError):
    reason = "LibraryMissing"
    next_step = "Install it where this runs: pip install requests"


def shortened(text: str, limit: int = LONGEST_DETAIL) -> str:
    """Answers of Flink hold whole stack traces; status, events and logs do not."""
    return text if len(text) <= limit else text[: limit - 3] + "..."
