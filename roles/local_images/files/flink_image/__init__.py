"""Flink's images made from package registries: a Java root, Flink's jars, the project's scripts."""
