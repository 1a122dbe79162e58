"""The files that the programs read: JSON wherever they take it, for it cannot be mis-indented."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

from .settings import Settings

PAUSE_IMAGE = "docker.io/flinkops/pause:local"
CLIENTS = ("controller-manager", "scheduler", "kubelet", "proxy", "dns")


def write_configs(settings: Settings) -> None:
    for client in CLIENTS:
        write_kubeconfig(settings, client, settings.config(f"{client}.kubeconfig"))
    write_kubeconfig(settings, "admin", Path(settings.kubeconfig))
    settings.config("resolv.conf").write_text(f"nameserver {settings.node_ip}\n")
    settings.config("containerd.toml").write_text(_containerd(settings))
    settings.config("Corefile").write_text(_corefile(settings))
    cni = settings.config("cni") / "10-flinkops.conflist"
    cni.parent.mkdir(exist_ok=True)
    _write_json(cni, _cni(settings))
    _write_json(settings.config("kubelet.json"), _kubelet(settings))
    _write_json(settings.config("proxy.json"), _proxy(settings))


def write_openssl_config(settings: Settings) -> None:
    text = "[req]\ndistinguished_name = subject\n[subject]\n"
    settings.config("openssl.cnf").write_text(text)


def write_kubeconfig(settings: Settings, client: str, path: Path) -> None:
    def encoded(name: str) -> str:
        return base64.b64encode(settings.pki(name).read_bytes()).decode()

    text = f"""\
apiVersion: v1
kind: Config
current-context: flinkops-local
contexts:
- name: flinkops-local
  context: {{cluster: flinkops-local, user: {client}}}
clusters:
- name: flinkops-local
  cluster:
    server: {settings.api_url}
    certificate-authority-data: {encoded("ca.crt")}
users:
- name: {client}
  user:
    client-certificate-data: {encoded(f"{client}.crt")}
    client-key-data: {encoded(f"{client}.key")}
"""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n")


def _containerd(settings: Settings) -> str:
    state = settings.state
    return f"""\
version = 2
root = "{state}/containerd"
state = "{state}/run/containerd"
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing",
]

[grpc]
address = "{settings.containerd_socket}"

[plugins."io.containerd.internal.v1.opt"]
path = "{state}/containerd/opt"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{PAUSE_IMAGE}"
disable_apparmor = true
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
SystemdCgroup = false
Root = "{state}/run/runc"

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "{settings.config("cni")}"
"""


def _corefile(settings: Settings) -> str:
    """Two servers in one: the cluster's names, and a clear no for all others."""
    return f"""\
cluster.local:53 in-addr.arpa:53 {{
    bind {settings.node_ip}
    errors
    ready {settings.node_ip}:8181
    kubernetes {{
        kubeconfig {settings.config("dns.kubeconfig")}
        ttl 5
    }}
    cache 5
}}
.:53 {{
    bind {settings.node_ip}
    template ANY ANY {{
        rcode NXDOMAIN
    }}
}}
"""


def _cni(settings: Settings) -> dict[str, Any]:
    return {
        "cniVersion": "0.4.0",
        "name": settings.bridge,
        "plugins": [
            {
                "type": "bridge",
                "bridge": settings.bridge,
                "isGateway": True,
                "hairpinMode": True,
                "ipam": {
                    "type": "host-local",
                    "dataDir": f"{settings.state}/run/cni",
                    "ranges": [[{"subnet": settings.pod_cidr, "gateway": settings.node_ip}]],
                    "routes": [{"dst": "0.0.0.0/0"}],
                },
            }
        ],
    }


def _kubelet(settings: Settings) -> dict[str, Any]:
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": settings.node_ip,
        "healthzBindAddress": settings.node_ip,
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": str(settings.pki("ca.crt"))},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": str(settings.pki("kubelet-server.crt")),
        "tlsPrivateKeyFile": str(settings.pki("kubelet-server.key")),
        "clusterDNS": [settings.node_ip],
        "clusterDomain": "cluster.local",
        "resolvConf": str(settings.config("resolv.conf")),
        "containerRuntimeEndpoint": f"unix://{settings.containerd_socket}",
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": settings.cgroup,
        "enforceNodeAllocatable": [],
        "failSwapOn": False,
        "oomScoreAdj": 0,
        "makeIPTablesUtilChains": False,
        "podLogsDir": f"{settings.state}/logs/pods",
        "volumePluginDir": f"{settings.state}/kubelet/plugins",
        "serializeImagePulls": False,
        # Images are imported once, not pulled: the kubelet must not clear them away.
        "imageGCHighThresholdPercent": 100,
        "evictionHard": {"memory.available": "100Mi", "nodefs.available": "1%"},
    }


def _proxy(settings: Settings) -> dict[str, Any]:
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "bindAddress": settings.node_ip,
        "healthzBindAddress": f"{settings.node_ip}:10256",
        "metricsBindAddress": f"{settings.node_ip}:10249",
        "hostnameOverride": settings.node_name,
        "clientConnection": {"kubeconfig": str(settings.config("proxy.kubeconfig"))},
        "mode": "iptables",
        "oomScoreAdj": 0,
        # Answers must come back through the node even where bridged packets skip its rules.
        "iptables": {"masqueradeAll": True, "localhostNodePorts": False},
        "nodePortAddresses": [f"{settings.node_ip}/32"],
        "conntrack": {
            "maxPerCore": 0,
            "min": 0,
            "tcpEstablishedTimeout": "0s",
            "tcpCloseWaitTimeout": "0s",
        },
    }
