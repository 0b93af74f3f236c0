# What one does with the tree. `make test` is what CI runs.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := build
.PHONY: build test lint unit golden bench fuzz pictures demo packages

export GOTOOLCHAIN := local
TOOLS := $(CURDIR)/.cache/bin
GOFUMPT_VERSION := v0.9.2
GOLANGCI_VERSION := v2.7.2
AXE_VERSION := 4.10.3

# A tool of the right version on the PATH is as good as one of our own.
have = $(shell command -v $(1) >/dev/null 2>&1 && $(2) 2>/dev/null | grep -qF '$(3)' && command -v $(1))
GOFUMPT := $(or $(call have,gofumpt,gofumpt --version,$(GOFUMPT_VERSION)),$(TOOLS)/gofumpt-$(GOFUMPT_VERSION))
GOLANGCI := $(or $(call have,golangci-lint,golangci-lint --version,version $(GOLANGCI_VERSION:v%=%)),$(TOOLS)/golangci-lint-$(GOLANGCI_VERSION))

build: ## the program, as dist/hark
	mkdir -p dist
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o dist/hark .

test: packages lint unit ## everything: what the tests need, format, vet, lint, race tests

packages: ## installs what the tests run beside Go, or says what is missing
	.ci/packages

lint: $(GOFUMPT) $(GOLANGCI) ## format, vet and linters
	unformatted=$$(git ls-files -z --cached --others --exclude-standard -- '*.go' | xargs -0 -r $(GOFUMPT) -l); \
	if [ -n "$$unformatted" ]; then echo "not formatted by gofumpt:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	$(GOLANGCI) run ./...

AXE := .cache/axe/$(AXE_VERSION)

unit: $(AXE) ## race tests, with the browser and terminal tests
	go test -race -json -timeout 15m ./... | go run ./tools/tally

golden: ## writes the golden files anew; read the diff before you commit it
	dirs=$$(grep -rlE --include='*_test.go' 'exp/golden"|flag\.Bool\("update"' . | xargs -r -n1 dirname | sort -u); \
	if [ -n "$$dirs" ]; then go test $$dirs -update; fi

bench: ## all figures, one JSON object a line
	for name in journal chat visitors tui route widget email-parse email-sync; do go run ./bench $$name; done

FUZZTIME ?= 20s
fuzz: ## every fuzz test for FUZZTIME
	grep -roE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . | while IFS=: read -r file func; do \
	  go test "$$(dirname "$$file")" -run '^$$' -fuzz "^$${func#func }$$" -fuzztime $(FUZZTIME); done

pictures: ## draws the pictures of the README from the running program
	go run ./docs/picture

demo: ## a desk to look at, with customers who write by themselves
	go run . demo

# axe-core looks at the widget in a browser. Without npm its tests skip and say so.
$(AXE):
	if command -v npm >/dev/null 2>&1; then \
	  npm install --prefix .cache/axe --no-audit --no-fund --no-save --ignore-scripts axe-core@$(AXE_VERSION) && touch $@ || \
	  echo "npm could not bring axe-core: tests that need it will be skipped"; \
	else echo "npm is not installed: tests that need axe-core will be skipped"; fi

$(TOOLS)/gofumpt-$(GOFUMPT_VERSION):
	GOBIN=$(TOOLS) go install mvdan.cc/gofumpt@$(GOFUMPT_VERSION)
	mv $(TOOLS)/gofumpt $@

$(TOOLS)/golangci-lint-$(GOLANGCI_VERSION):
	GOBIN=$(TOOLS) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	mv $(TOOLS)/golangci-lint $@
