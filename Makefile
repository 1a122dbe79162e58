# The one door. `make` alone prints what there is; each target says what it does behind `##`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:

export PATH := $(CURDIR)/.venv/bin:$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.tree
export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg
export LC_ALL := C.UTF-8
export FLINKOPS_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/flinkops

PLAY := ansible-playbook
TIER ?= core

.PHONY: help
help:
	@printf 'make TARGET, where TARGET is one of\n\n'
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-14s %s\n", $$1, $$2} /^##@/{printf "\n%s\n", substr($$0, 5)}' $(firstword $(MAKEFILE_LIST))

##@ Try it
.PHONY: demo demo-down render status operator
demo: run-set ## a real Flink job RUNNING on KUBECONFIG's cluster, or on a local one made for it
	@hack/demo.sh up
demo-down: run-set ## remove all that the demo made
	@hack/demo.sh down
render: run-set ## print the objects that a custom resource becomes: make render CR=file.yaml
	@hack/render.sh "$(CR)"
status: run-set ## a table of all Flink applications in the cluster
	@$(PLAY) playbooks/status.yml $(ARGS)
operator: setup ## serve the resources of KUBECONFIG's cluster from this machine, until ^C
	@PYTHONPATH=shell/src:.tree python -m flink_operator.main $(ARGS)

##@ Set up
.PHONY: setup run-set cluster cluster-down images testjob
setup: ## make .venv with all pinned tools, and the .tree link
	@hack/setup.sh dev
run-set: # what running playbooks needs, without the tools
	@hack/setup.sh run
cluster: run-set ## start the embedded single-node Kubernetes
	@$(PLAY) playbooks/local_cluster.yml -e local_cluster_state=present $(ARGS)
cluster-down: run-set ## stop it and leave nothing behind
	@$(PLAY) playbooks/local_cluster.yml -e local_cluster_state=absent $(ARGS)
images: run-set ## make the local Flink images and load them into the embedded cluster
	@$(PLAY) playbooks/local_images.yml $(ARGS)
testjob: ## build the steerable test job from source
	@hack/testjob.sh

##@ While working
.PHONY: fmt lint types unit cover rows crds docs docs-check build
fmt: setup ## format Python, sort imports
	@ruff format .
	@ruff check --fix-only --quiet .
lint: setup ## ruff, mypy, yamllint, shellcheck, import rules, ansible-lint production
	@hack/lint.sh
types: setup ## mypy, strict
	@hack/types.sh
unit: setup ## unit and property tests: no cluster, no network
	@pytest tests/unit shell/tests -n 2 -q $(ARGS)
cover: setup ## unit tests with branch coverage of the core
	@pytest tests/unit shell/tests --cov --cov-report=term --quiet $(ARGS)
rows: setup ## docs/rows.md: each row with its tests, and the rows that have none
	@hack/rows.sh $(ARGS)
crds: setup ## write the CRDs anew from the models
	@python hack/crds.py
docs: setup ## write the roles' READMEs and the printed rule tables anew
	@python hack/role_readme.py
	@python hack/tables.py
docs-check: setup ## nothing generated is stale, and ansible-doc shows every plugin and role
	@hack/docs_check.sh
build: setup ## the collection's tarball in build/, checked for what it holds
	@hack/build.sh

##@ Prove it
.PHONY: check sanity molecule e2e bench test test-all mutants clean
check: lint unit docs-check build ## all that needs no cluster, in about a minute
	@hack/rows.sh --short
sanity: setup ## ansible-test sanity, in a copy outside the checkout
	@hack/sanity.sh $(ARGS)
molecule: setup ## the scenarios in molecule/, against the test cluster
	@hack/with_cluster.sh molecule test --all $(ARGS)
e2e: setup ## tests against a real API server and real Flink: make e2e TIER=core|all
	@hack/with_cluster.sh hack/e2e.sh $(TIER) $(ARGS)
bench: setup ## measure, and write benchmarks/RESULTS.md
	@hack/with_cluster.sh hack/bench.sh $(ARGS)
test: setup ## all that CI runs; starts what it needs and stops what it started
	@hack/test.sh core
test-all: setup ## the same, with the whole matrix of Flink versions and modes
	@hack/test.sh all
mutants: setup ## break each rule on purpose; all die: make mutants ARGS="--changed"
	@python hack/mutants.py $(ARGS)
clean: ## remove what was built here, caches and .venv; the cluster stays
	@rm -rf build .tree .venv .ansible .cache .coverage htmlcov .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
