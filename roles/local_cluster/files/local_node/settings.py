"""What one cluster is made of: names, addresses, folders. Knows no process and reads no clock."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from ipaddress import IPv4Interface, IPv4Network
from pathlib import Path

MARKER = ".flinkops-local-cluster"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    state_dir: str
    programs_dir: str
    kubeconfig: str
    flink_state_dir: str
    pod_cidr: str = "10.213.0.0/24"
    service_cidr: str = "10.213.1.0/24"
    bridge: str = "flinkops0"
    node_name: str = "flinkops-local"
    api_port: int = 6443
    ready_timeout: int = 180

    @property
    def state(self) -> Path:
        return Path(self.state_dir)

    @property
    def node_ip(self) -> str:
        return str(next(IPv4Network(self.pod_cidr).hosts()))

    @property
    def node_interface(self) -> IPv4Interface:
        return IPv4Interface(f"{self.node_ip}/{IPv4Network(self.pod_cidr).prefixlen}")

    @property
    def api_service_ip(self) -> str:
        return str(next(IPv4Network(self.service_cidr).hosts()))

    @property
    def api_url(self) -> str:
        return f"https://{self.node_ip}:{self.api_port}"

    @property
    def cgroup(self) -> str:
        """Named after the folder: what runs in it is this cluster's and no other's."""
        return f"/flinkops-{hashlib.sha256(self.state_dir.encode()).hexdigest()[:8]}"

    def owns(self, text: str) -> bool:
        """Whether the text names the folder or something in it; not merely a longer name."""
        return f"{self.state_dir}/" in text or text == self.state_dir

    @property
    def etcd_socket(self) -> Path:
        return self.state / "etcd" / "socket"

    @property
    def containerd_socket(self) -> Path:
        return self.state / "run" / "containerd.sock"

    def pki(self, name: str) -> Path:
        return self.state / "pki" / name

    def config(self, name: str) -> Path:
        return self.state / "config" / name

    def log(self, name: str) -> Path:
        return self.state / "logs" / f"{name}.log"

    def program(self, name: str) -> Path:
        return self.state / "bin" / name

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2, sort_keys=True) + "\n"


def from_json(text: str) -> Settings:
    known = {field.name for field in fields(Settings)}
    return Settings(**{name: value for name, value in json.loads(text).items() if name in known})
