# The two commands of the README are `make quickstart` and `make test`.

SWIFT ?= swift
SWIFT_FLAGS = -c release --toolset native.toolset.json
GAUGE = .build/release/gauge

.PHONY: build test lint quickstart bench baseline fuzz clean system-packages study-2d study-potential

## Build the tool, optimised for this CPU: .build/release/gauge
build: system-packages
	$(SWIFT) build $(SWIFT_FLAGS) --product gauge

## Install what the system lacks: the headers of zlib.
system-packages:
	@if ! printf '#include <zlib.h>\n' | $${CC:-cc} -E - >/dev/null 2>&1 \
	    && ! printf '#include <zlib.h>\n' | clang -E - >/dev/null 2>&1; then \
	  if command -v apt-get >/dev/null 2>&1; then \
	    sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	    $$sudo apt-get update -q && $$sudo apt-get install -y -q zlib1g-dev; \
	  elif command -v brew >/dev/null 2>&1; then brew install zlib; \
	  else echo "Please install the development files of zlib." >&2; exit 1; fi; \
	fi

## Sample SU(3) at beta 6.0 on 8^4 and compare with the published plaquette.
quickstart: build
	$(GAUGE) sample --group su3 --lattice 8,8,8,8 --beta 6.0 --sweeps 500 --save-every 50 \
	  --out quickstart --resume
	@echo "published  0.594038(250)  (MILC, the same lattice and coupling)"
	$(GAUGE) measure quickstart/configuration-000500.ildg

## All tests, in release mode; debug builds of the kernels are a thousand times slower.
test: system-packages lint
	$(SWIFT) build $(SWIFT_FLAGS) --build-tests
	$(SWIFT) test $(SWIFT_FLAGS) --skip-build

lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

## Time the kernels.
bench: build
	$(GAUGE) bench

## A build without CPU flags, in a folder of its own: correct, and several times slower.
baseline: system-packages
	$(SWIFT) build -c release --scratch-path .build-baseline --product gauge
	.build-baseline/release/gauge demo

## Two-dimensional plaquettes to 1e-4 beside the exact values (docs/results.md); four minutes.
STUDY_2D = u1:2:4000 su2:2.2:9000 su3:6:6000 su4:10.8:4000
study-2d: build
	@for case in $(STUDY_2D); do \
	  set -- $$(echo $$case | tr : ' '); echo "$$1 beta $$2"; \
	  $(GAUGE) sample --group $$1 --lattice 128,128 --beta $$2 --overrelaxation 1 --sweeps $$3 \
	    --save-every 0 --seed 2026 --out studies/2d-$$1 --resume --json 2>/dev/null \
	    | grep -E '"(plaquette|plaquetteError)"'; \
	done

## The static potential of SU(3) at beta 5.7 and r0/a (docs/results.md); some ten minutes, 3 GB.
POTENTIAL = studies/potential
study-potential: build
	$(GAUGE) sample --group su3 --lattice 10,10,10,16 --beta 5.7 --thermalization 200 \
	  --sweeps 2400 --save-every 4 --seed 2026 --precision f32 --out $(POTENTIAL) --resume
	$(GAUGE) measure $(POTENTIAL)/configuration-*.ildg --observables potential --smear hyp:8 \
	  --maximum-r 5 --maximum-t 6 --fit-r 2-5 --fit-t 2-3 --coulomb treeLevelImproved

include fuzz.mk

clean:
	rm -rf .build .build-baseline quickstart studies
