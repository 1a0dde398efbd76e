# Every target does all its own set-up.
.DEFAULT_GOAL := help
.PHONY: help up down status logs env

PLATFORM := cargo build --quiet --profile local --package roost-local && target/local/roost-local

help: ## Shows this
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

up: ## Builds and starts the platform; WATCH=1: functions follow their source; ROOST_CLUSTER=existing: on the cluster of KUBECONFIG
	cargo build --profile local --workspace --bins
	@$(PLATFORM) up

down: ## Stops the platform and checks that nothing is left
	@$(PLATFORM) down

status: ## Shows every part, its state and its address
	@$(PLATFORM) status

logs: ## Shows logs; PART=name for one, FOLLOW=1 to go on
	@$(PLATFORM) logs $(PART) $(if $(FOLLOW),--follow)

env: ## Prints exports for other programs: eval "$$(make env)"
	@$(PLATFORM) env
