# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Flink's memory model for a JobManager: heap and off-heap memory inside, the rest outside."""

from __future__ import annotations

from dataclasses import dataclass

from . import memory, options, quantity
from .memory import Conf, Outside, refused, shown, size

_HEAP = options.Option(key="jobmanager.memory.heap.size")
_OFF_HEAP = options.Option(key="jobmanager.memory.off-heap.size", default="128m")
_KEYS = memory.Keys(
    role="jobmanager",
    default_metaspace="256m",
    flink=options.Option(key="jobmanager.memory.flink.size"),
    process=options.Option(key="jobmanager.memory.process.size"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobManagerMemory:
    """Sizes in bytes."""

    heap: int
    off_heap: int
    metaspace: int
    overhead: int

    @property
    def flink(self) -> int:
        return self.heap + self.off_heap

    @property
    def process(self) -> int:
        return self.flink + self.metaspace + self.overhead

    @property
    def process_mebibytes(self) -> int:
        return self.process // quantity.MEBIBYTE


def jobmanager_memory(conf: Conf) -> JobManagerMemory:
    """Every part's size, or InvalidResource where the configuration can't be met."""
    conf = memory.with_old_heap(conf, "jobmanager", _HEAP)
    if options.is_set(conf, _HEAP):
        heap, off_heap = _from_heap(conf)
        outside = memory.outside_of_flink(conf, _KEYS, heap + off_heap)
        return _sum(heap, off_heap, outside)
    if options.is_set(conf, _KEYS.flink):
        total = size(conf, _KEYS.flink)
        heap, off_heap = _from_flink(conf, total, _KEYS.flink)
        return _sum(heap, off_heap, memory.outside_of_flink(conf, _KEYS, total))
    if options.is_set(conf, _KEYS.process):
        outside = memory.outside_of_process(conf, _KEYS)
        heap, off_heap = _from_flink(conf, size(conf, _KEYS.process) - outside.total, _KEYS.process)
        return _sum(heap, off_heap, outside)
    raise memory.unsized(_KEYS, (_HEAP.key,))


def _from_heap(conf: Conf) -> tuple[int, int]:
    heap, off_heap = size(conf, _HEAP), size(conf, _OFF_HEAP)
    if not options.is_set(conf, _KEYS.flink):
        return heap, off_heap
    total = size(conf, _KEYS.flink)
    if options.is_set(conf, _OFF_HEAP):
        if heap + off_heap != total:
            raise refused(
                conf,
                _KEYS.flink,
                f"is not the sum of {_HEAP.key} ({shown(heap)}) and {_OFF_HEAP.key}"
                f" ({shown(off_heap)})",
                "Leave one of the three out.",
            )
    elif total < heap:
        raise refused(
            conf, _KEYS.flink, f"is less than {_HEAP.key} ({shown(heap)})", "Leave one of them out."
        )
    return heap, total - heap


def _from_flink(conf: Conf, total: int, given: options.Option) -> tuple[int, int]:
    off_heap = size(conf, _OFF_HEAP)
    if total <= off_heap:
        raise refused(
            conf,
            given,
            f"leaves {shown(total)} for Flink itself, and off-heap memory alone takes"
            f" {shown(off_heap)}",
            f"Ask for more memory, or lower {_OFF_HEAP.key}.",
        )
    return total - off_heap, off_heap


def _sum(heap: int, off_heap: int, outside: Outside) -> JobManagerMemory:
    return JobManagerMemory(
        heap=heap, off_heap=off_heap, metaspace=outside.metaspace, overhead=outside.overhead
    )
