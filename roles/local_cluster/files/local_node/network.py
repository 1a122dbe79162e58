"""The node's bridge, addresses, packet rules and kernel settings: made, and taken back."""

from __future__ import annotations

import json
from ipaddress import IPv4Network, ip_network
from pathlib import Path

from .commands import run
from .settings import Settings

COMMENT = "flinkops-local-cluster"
PROXY_PREFIX = "KUBE-"
FAMILIES = ("iptables", "ip6tables")
# What this cluster, its kubelet or its proxy may change in the kernel.
KERNEL_SETTINGS = (
    "net/ipv4/ip_forward",
    "net/ipv4/conf/all/route_localnet",
    "net/bridge/bridge-nf-call-iptables",
    "vm/overcommit_memory",
    "kernel/panic",
    "kernel/panic_on_oops",
    "kernel/keys/root_maxkeys",
    "kernel/keys/root_maxbytes",
)


class NetworkTaken(Exception):
    """Something else on this machine already uses what the cluster needs."""


def make_network(settings: Settings) -> None:
    """The node needs its address before anything starts, so the bridge comes first."""
    _remember_kernel(settings)
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
    run("ip", "link", "add", settings.bridge, "type", "bridge")
    run("ip", "link", "set", settings.bridge, "alias", settings.state_dir)
    run("ip", "address", "add", str(settings.node_interface), "dev", settings.bridge)
    run("ip", "link", "set", settings.bridge, "up")
    # Unknown service addresses end on the bridge: none leaves the machine.
    run("ip", "route", "add", settings.service_cidr, "dev", settings.bridge,
        "src", settings.node_ip)  # fmt: skip
    for rule in _forward_rules(settings):
        run("iptables", "-w", "-I", "FORWARD", *rule)


def _forward_rules(settings: Settings) -> tuple[tuple[str, ...], ...]:
    inside, told = settings.bridge, ("-m", "comment", "--comment", COMMENT)
    return (
        ("-i", inside, "!", "-o", inside, *told, "-j", "REJECT"),
        ("-i", inside, "-o", inside, *told, "-j", "ACCEPT"),
    )


def refuse_conflicts(settings: Settings) -> None:
    if any(PROXY_PREFIX in run(f"{family}-save") for family in FAMILIES):
        raise NetworkTaken(
            f"the packet filter holds {PROXY_PREFIX}* chains of another Kubernetes: one node can be"
            f" on a machine; stop the other one first{_made_for(settings)}, or use it by KUBECONFIG"
        )
    wanted = (IPv4Network(settings.pod_cidr), IPv4Network(settings.service_cidr))
    for route in json.loads(run("ip", "-json", "-4", "route", "show")):
        taken = _network_of(str(route["dst"]))
        if taken and any(taken.overlaps(network) for network in wanted):
            raise NetworkTaken(
                f"{route['dst']} on {route.get('dev')}: this machine routes it already;"
                " choose other ranges: local_cluster_pod_cidr, local_cluster_service_cidr"
            )


def _made_for(settings: Settings) -> str:
    alias = _alias(settings)
    return f" (local_cluster_state_dir: {alias})" if alias else ""


def _alias(settings: Settings) -> str:
    alias = Path("/sys/class/net", settings.bridge, "ifalias")
    return alias.read_text().strip() if alias.exists() else ""


def _network_of(destination: str) -> IPv4Network | None:
    if destination == "default":
        return None
    network = ip_network(destination, strict=False)
    return network if isinstance(network, IPv4Network) else None


def _remember_kernel(settings: Settings) -> None:
    before = {
        name: path.read_text().strip()
        for name in KERNEL_SETTINGS
        if (path := Path("/proc/sys", name)).exists()
    }
    _kernel_before(settings).write_text(json.dumps(before))


def is_ours(settings: Settings) -> bool:
    """Whether the network on this machine was made for this folder, be the folder there or not."""
    if made_for := _alias(settings):
        return made_for == settings.state_dir
    return _kernel_before(settings).exists()  # interrupted before the name, or after the bridge


def _kernel_before(settings: Settings) -> Path:
    return settings.config("kernel-before.json")


def remove_network(settings: Settings) -> None:
    """Only for who is_ours says yes to: names alone do not tell whose it is."""
    for rule in _forward_rules(settings):
        run("iptables", "-w", "-D", "FORWARD", *rule, allow_failure=True)
    run("ip", "link", "delete", settings.bridge, allow_failure=True)
    for family in FAMILIES:
        remove_proxy_chains(family)
    _restore_kernel(settings)


def _restore_kernel(settings: Settings) -> None:
    remembered = _kernel_before(settings)
    before = json.loads(remembered.read_text()) if remembered.exists() else {}
    for name, value in before.items():
        path = Path("/proc/sys", name)
        if path.read_text().strip() != value:
            path.write_text(value)


def remove_proxy_chains(family: str) -> None:
    """Jumps first, then what the chains hold, then the chains."""
    for table, lines in _tables(run(f"{family}-save", allow_failure=True)).items():
        chains = [line[1:].split()[0] for line in lines if line.startswith(f":{PROXY_PREFIX}")]
        jumps = [
            line.replace("-A ", "-D ", 1)
            for line in lines
            if f"-j {PROXY_PREFIX}" in line and not line.startswith(f"-A {PROXY_PREFIX}")
        ]
        script = [f"*{table}", *jumps]
        script += [f"-F {chain}" for chain in chains] + [f"-X {chain}" for chain in chains]
        if chains or jumps:
            feed = "\n".join([*script, "COMMIT", ""])
            run(f"{family}-restore", "-w", "--noflush", feed=feed)


def _tables(saved: str) -> dict[str, list[str]]:
    tables: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in saved.splitlines():
        if line.startswith("*"):
            lines = tables.setdefault(line[1:].strip(), [])
        elif line.startswith((":", "-A ")):
            lines.append(line)
    return tables
