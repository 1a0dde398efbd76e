# Every target does all its own set-up.
.DEFAULT_GOAL := help
.PHONY: help up down status logs env demo test check bench

BUILD := cargo build --profile local --workspace --bins
PLATFORM := target/local/roost-local
# Programs that run in the cluster, each alone in its image.
STATIC := $(shell uname -m)-unknown-linux-musl
BUILD_IMAGES := $(PLATFORM) packages && rustup --quiet target add $(STATIC) && cargo build --profile local --target $(STATIC) --package roost-build --package registry-token --package wake
# Whole-system tests mostly wait for the platform.
TEST_THREADS := 10

help: ## Shows this
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

up: ## Builds and starts the platform; WATCH=1: functions follow their source; ROOST_CLUSTER=existing: on the cluster of KUBECONFIG
	$(BUILD)
	$(BUILD_IMAGES)
	@$(PLATFORM) up

down: ## Stops the platform and checks that nothing is left
	@$(BUILD) --quiet
	@$(PLATFORM) down

status: ## Shows every part, its state and its address
	@$(BUILD) --quiet
	@$(PLATFORM) status

logs: ## Shows logs; PART=name for one, FOLLOW=1 to go on
	@$(BUILD) --quiet
	@$(PLATFORM) logs $(PART) $(if $(FOLLOW),--follow)

env: ## Prints exports for other programs: eval "$$(make env)"
	@$(BUILD) --quiet
	@$(PLATFORM) env

demo: ## Brings the platform up if it is not, signs somebody up, shows what that user may do, and deploys an application
	$(BUILD)
	$(BUILD_IMAGES)
	@$(PLATFORM) demo

test: ## Runs all tests, on a platform of their own that is up for just that long
	cargo build --profile local --workspace --bins --lib --tests
	$(BUILD_IMAGES)
	$(PLATFORM) browser
	ROOST_INSTANCE=test $(PLATFORM) exec -- cargo test --profile local --workspace --no-fail-fast -- --test-threads=$(TEST_THREADS)

check: ## Checks form and style: Rust, template, chart, licences
	cargo fmt --all --check
	cargo clippy --profile local --workspace --all-targets -- --deny warnings
	$(BUILD)
	PATH="$$($(PLATFORM) tools):$$PATH" && cfn-lint infra/template.yaml && helm lint --strict infra/cluster && cargo deny check licenses bans sources

bench: ## Measures, on a platform of its own; figures also in target/bench
	cargo bench --profile release --package roost-archive --bench inspect
	cargo bench --profile release --package wake --bench waking
	cargo build --release --package provision-tenant --package rotate-credentials --package ingest-artifact --package roll-out --package reconcile --package sweep-idle --package wake-page --package api
	$(BUILD)
	$(BUILD_IMAGES)
	ROOST_INSTANCE=bench ROOST_FUNCTIONS_PROFILE=release $(PLATFORM) exec -- cargo bench --profile local --workspace --bench provisioning --bench deploying --bench answering --bench first_byte
	ROOST_INSTANCE=bench ROOST_FUNCTIONS_PROFILE=release $(PLATFORM) exec -- cargo bench --profile local --workspace --bench cycling
	ROOST_INSTANCE=bench ROOST_FUNCTIONS_PROFILE=release $(PLATFORM) exec -- cargo bench --profile local --workspace --bench sweeping
