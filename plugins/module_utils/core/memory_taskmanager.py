# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Flink's memory model for a TaskManager: framework, task, network and managed memory inside."""

from __future__ import annotations

from dataclasses import dataclass

from . import memory, options, quantity
from .memory import Conf, Outside, Range, refused, shown, size

_FRAMEWORK_HEAP = options.Option(key="taskmanager.memory.framework.heap.size", default="128m")
_FRAMEWORK_OFF_HEAP = options.Option(
    key="taskmanager.memory.framework.off-heap.size", default="128m"
)
_TASK_HEAP = options.Option(key="taskmanager.memory.task.heap.size")
_TASK_OFF_HEAP = options.Option(key="taskmanager.memory.task.off-heap.size", default="0")
_MANAGED = options.Option(key="taskmanager.memory.managed.size", older=("taskmanager.memory.size",))
_MANAGED_SHARE = options.Option(key="taskmanager.memory.managed.fraction", default="0.4")
_BUFFERS = options.Option(key="taskmanager.network.numberOfBuffers", default="2048")
_PAGE = options.Option(key="taskmanager.memory.segment-size", default="32 kb")
_NETWORK = "taskmanager.memory.network"
_OLD_NETWORK = "taskmanager.network.memory"
_KEYS = memory.Keys(
    role="taskmanager",
    default_metaspace="256m",
    flink=options.Option(key="taskmanager.memory.flink.size"),
    process=options.Option(key="taskmanager.memory.process.size"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    framework_heap: int
    framework_off_heap: int
    task_heap: int
    task_off_heap: int
    network: int
    managed: int

    @property
    def total(self) -> int:
        return self.without_network + self.network

    @property
    def without_network(self) -> int:
        return (
            self.framework_heap
            + self.framework_off_heap
            + self.task_heap
            + self.task_off_heap
            + self.managed
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskManagerMemory:
    """Sizes in bytes."""

    inside: Inside
    metaspace: int
    overhead: int

    @property
    def flink(self) -> int:
        return self.inside.total

    @property
    def process(self) -> int:
        return self.flink + self.metaspace + self.overhead

    @property
    def process_mebibytes(self) -> int:
        return self.process // quantity.MEBIBYTE


def taskmanager_memory(conf: Conf) -> TaskManagerMemory:
    """Every part's size, or InvalidResource where the configuration can't be met."""
    conf = memory.with_old_heap(conf, "taskmanager", _KEYS.process)
    if options.is_set(conf, _TASK_HEAP) and options.is_set(conf, _MANAGED):
        inside = _from_parts(conf)
        return _sum(inside, memory.outside_of_flink(conf, _KEYS, inside.total))
    if options.is_set(conf, _KEYS.flink):
        total = size(conf, _KEYS.flink)
        inside = _from_flink(conf, total, _KEYS.flink)
        return _sum(inside, memory.outside_of_flink(conf, _KEYS, total))
    if options.is_set(conf, _KEYS.process):
        outside = memory.outside_of_process(conf, _KEYS)
        total = size(conf, _KEYS.process) - outside.total
        return _sum(_from_flink(conf, total, _KEYS.process), outside)
    raise memory.unsized(_KEYS, (_TASK_HEAP.key, _MANAGED.key))


def _sum(inside: Inside, outside: Outside) -> TaskManagerMemory:
    return TaskManagerMemory(inside=inside, metaspace=outside.metaspace, overhead=outside.overhead)


def _fixed(conf: Conf, *, task_heap: int, network: int, managed: int) -> Inside:
    return Inside(
        framework_heap=size(conf, _FRAMEWORK_HEAP),
        framework_off_heap=size(conf, _FRAMEWORK_OFF_HEAP),
        task_heap=task_heap,
        task_off_heap=size(conf, _TASK_OFF_HEAP),
        network=network,
        managed=managed,
    )


def _from_parts(conf: Conf) -> Inside:
    parts = _fixed(conf, task_heap=size(conf, _TASK_HEAP), network=0, managed=size(conf, _MANAGED))
    if options.is_set(conf, _KEYS.flink):
        return _rest_is_network(conf, parts, size(conf, _KEYS.flink), _KEYS.flink)
    fixed = _network_by_buffers(conf)
    rest = parts.without_network
    return _with_network(parts, _network_share(conf).beside(rest) if fixed is None else fixed)


def _from_flink(conf: Conf, total: int, given: options.Option) -> Inside:
    managed = _managed(conf, total)
    if options.is_set(conf, _TASK_HEAP):
        parts = _fixed(conf, task_heap=size(conf, _TASK_HEAP), network=0, managed=managed)
        return _rest_is_network(conf, parts, total, given)
    fixed = _network_by_buffers(conf)
    network = _network_share(conf).of(total) if fixed is None else fixed
    parts = _fixed(conf, task_heap=0, network=network, managed=managed)
    if parts.total > total:
        raise _too_small(conf, given, parts, total)
    return _fixed(conf, task_heap=total - parts.total, network=network, managed=managed)


def _rest_is_network(conf: Conf, parts: Inside, total: int, given: options.Option) -> Inside:
    network = total - parts.without_network
    if network < 0:
        raise _too_small(conf, given, parts, total)
    fixed = _network_by_buffers(conf)
    share = None if fixed is not None else _network_share(conf)
    if network != fixed and (share is None or not share.holds(network)):
        wanted = (
            f"between {shown(share.smallest)} and {shown(share.largest)}"
            if share
            else shown(fixed or 0)
        )
        raise refused(
            conf,
            given,
            f"leaves {shown(network)} for network memory, which must be {wanted}",
            f"Change it, or {_NETWORK}.min and .max.",
        )
    return _with_network(parts, network)


def _with_network(parts: Inside, network: int) -> Inside:
    return Inside(
        framework_heap=parts.framework_heap,
        framework_off_heap=parts.framework_off_heap,
        task_heap=parts.task_heap,
        task_off_heap=parts.task_off_heap,
        network=network,
        managed=parts.managed,
    )


def _too_small(conf: Conf, given: options.Option, parts: Inside, total: int) -> Exception:
    names = ("framework_heap", "framework_off_heap", "task_heap", "task_off_heap")
    needs = [f"{name.replace('_', ' ')} {shown(getattr(parts, name))}" for name in names]
    needs += [f"network {shown(parts.network)}", f"managed {shown(parts.managed)}"]
    return refused(
        conf,
        given,
        f"leaves {shown(total)} for Flink itself, which needs {shown(parts.total)}"
        f" ({', '.join(needs)})",
        "Ask for more memory, or lower those parts.",
    )


def _managed(conf: Conf, total: int) -> int:
    if options.is_set(conf, _MANAGED):
        return size(conf, _MANAGED)
    fraction = memory.single(options.number(conf, _MANAGED_SHARE))
    if not 0 <= fraction < 1:
        raise refused(conf, _MANAGED_SHARE, "must be at least 0 and below 1", "Write 0.4.")
    return memory.times(total, fraction)


def _network_share(conf: Conf) -> Range:
    older = {
        f"{_NETWORK}.{name}": conf[f"{_OLD_NETWORK}.{name}"]
        for name in ("min", "max", "fraction")
        if f"{_OLD_NETWORK}.{name}" in conf
    }
    conf = {**older, **conf} if older else conf
    return memory.spread(
        conf, _NETWORK, smallest="64m", largest=f"{quantity.LONGEST}", fraction="0.1"
    )


def _network_by_buffers(conf: Conf) -> int | None:
    """The oldest way: a number of buffers, only where no newer key is set."""
    newer = any(
        f"{prefix}.{name}" in conf
        for prefix in (_NETWORK, _OLD_NETWORK)
        for name in ("min", "max", "fraction")
    )
    if newer or not options.is_set(conf, _BUFFERS):
        return None
    return options.whole(conf, _BUFFERS) * size(conf, _PAGE)
