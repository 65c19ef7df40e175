# Thin: each verb calls a script or one command. `make help` lists them.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run demo bench bench-search test screenshots chaos walls fmt lint codegen clean

LISTEN ?= 127.0.0.1:8080
DATA ?= ./data
DEMO_DATA ?= ./data-demo
CARGO_TARGET_DIR ?= target
export CARGO_TARGET_DIR

SCRIPTS := deploy/scripts
TRUNKLINE := $(CARGO_TARGET_DIR)/release/trunkline

help: ## List the verbs
	@echo "usage: make VERB"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r verb what; do printf '  %-13s %s\n' "$$verb" "$$what"; done

run: ## Install what is missing, build, serve (LISTEN=127.0.0.1:8080 DATA=./data; DATABASE_URL for a database of yours)
	@$(SCRIPTS)/install.sh build database
	@$(SCRIPTS)/build.sh release
	@exec $(TRUNKLINE) serve --listen $(LISTEN) --data-dir $(DATA)

demo: ## The same with a company and simulated live traffic, in a data directory of its own (DEMO_DATA=./data-demo)
	@$(SCRIPTS)/install.sh build database
	@$(SCRIPTS)/build.sh release
	@exec $(TRUNKLINE) demo --listen $(LISTEN) --data-dir $(DEMO_DATA)

bench: ## Measure on a private PostgreSQL
	@$(SCRIPTS)/install.sh build database
	@$(SCRIPTS)/build.sh release
	@exec $(TRUNKLINE) bench

bench-search: ## Measure search with many calls (CALLS=10000,100000,1000000)
	@$(SCRIPTS)/install.sh build database
	@$(SCRIPTS)/build.sh release
	@exec $(TRUNKLINE) bench-search $(if $(CALLS),--calls $(CALLS))

test: ## Every check that CI runs
	@$(SCRIPTS)/install.sh build database test
	@$(SCRIPTS)/test.sh

screenshots: ## Pictures of every page and state, both themes, wide and narrow (SCREENSHOTS_DIR=./screenshots)
	@$(SCRIPTS)/install.sh build database test
	@$(SCRIPTS)/build.sh release
	@$(SCRIPTS)/screenshots.sh

chaos: ## Break things for long (EVENTS=200000 SEED=any): nothing that was answered 200 may be lost
	@$(SCRIPTS)/install.sh build database test
	@$(SCRIPTS)/chaos.sh

walls: ## Try for long to see one company from another (PROBES=100000 SEED=any, with TRUNKLINE_TEST_DATABASE_URL)
	@$(SCRIPTS)/install.sh build database test
	@$(SCRIPTS)/walls.sh

fmt: ## Format Rust and web sources
	@$(SCRIPTS)/fmt.sh

lint: ## Clippy and the web checks, without tests
	@$(SCRIPTS)/lint.sh

codegen: ## Print the GraphQL schema and generate the web's types from it
	@$(SCRIPTS)/codegen.sh

clean: ## Remove what was built; data directories stay
	@$(SCRIPTS)/clean.sh
