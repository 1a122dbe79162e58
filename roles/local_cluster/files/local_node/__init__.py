"""A single-node Kubernetes on this machine: its files, its processes, its network, its end."""
