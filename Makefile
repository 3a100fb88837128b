# Two commands do everything: `make run` and `make test`. Both install what is missing.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# Kept outside the checkout, so that a fresh clone does not compile the world again.
CACHE ?= $(HOME)/.cache/silhouette
export CACHE
export PATH := $(PATH):$(HOME)/.cargo/bin
export CARGO_TARGET_DIR ?= $(CACHE)/target
export SILHOUETTE_SITE_ROOT ?= $(CURDIR)/target/site

BINARY := target/release/silhouette
DEMO ?= 20000

.PHONY: help run build tools test bench check prepare clean

help:
	@echo "make run    build and start the dashboard with demo data (DEMO=0: none)"
	@echo "make test   all checks: format, lints, queries, docs, tests, browser"
	@echo "make bench  the figures, each as a ratio against a peer in the same run (CUSTOMERS=1000000)"
	@echo "make build  only build $(BINARY) and target/site"

tools:
	@.ci/install-tools.sh

build: tools
	@.ci/build.sh

run: build
	@DEMO=$(DEMO) .ci/run-dashboard.sh

test: tools
	@.ci/test.sh

bench: build
	@.ci/bench.sh

# After a change of SQL: brings the stored descriptions of the checked queries up to date.
prepare: tools
	@.ci/prepare-queries.sh

clean:
	rm -rf target
