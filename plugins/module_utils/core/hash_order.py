# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The order in which a Java hash map hands out text keys.

Flink's client writes environment variables and secret mounts in that order. Kept, because a pod
template whose list is merely in another order is a new pod template, and would restart a job
that is taken over.
"""

from __future__ import annotations

from collections.abc import Iterable

_SMALLEST = 16
_WORD = 0xFFFFFFFF


def table_size(entries: int) -> int:
    """Buckets of a map that grew to this many entries: it doubles when three quarters full."""
    size = _SMALLEST
    while entries > size * 3 // 4:
        size *= 2
    return size


def table_size_of_copy(entries: int, *, added: int) -> int:
    """Buckets of a map copied from one with so many entries, which then got some more."""
    if entries == 0:
        return table_size(added)
    size, wanted = 1, entries * 4 // 3 + 1
    while size < wanted:
        size *= 2
    while entries + added > size * 3 // 4:
        size *= 2
    return size


def hash_order(keys: Iterable[str], *, buckets: int) -> list[str]:
    """Keys by bucket; within a bucket as they come."""
    return sorted(keys, key=lambda key: _spread(key) & (buckets - 1))


def _spread(key: str) -> int:
    code = 0
    for unit in memoryview(key.encode("utf-16-le", "surrogatepass")).cast("H"):
        code = (31 * code + unit) & _WORD
    return code ^ (code >> 16)
