# The two commands of the README are `make quickstart` and `make test`.

SWIFT ?= swift
SWIFT_FLAGS = -c release --toolset native.toolset.json
GAUGE = .build/release/gauge

.PHONY: build test mutations lint quickstart bench baseline fuzz clean system-packages study-2d study-hmc-2d study-theta study-hmc-4d study-scale \
  study-potential study-inference study-learning study-trust study-detection examples symmetry-examples build-examples \
  example-a example-b example-c example-d example-anisotropic \
  example-square example-pendulum example-rotated

## Build the tool, optimised for this CPU: .build/release/gauge
build: system-packages
	$(SWIFT) build $(SWIFT_FLAGS) --product gauge

## Install what the system lacks: the headers of zlib and FFTW.
system-packages:
	@if ! printf '#include <zlib.h>\n#include <fftw3.h>\n' | $${CC:-cc} -E - >/dev/null 2>&1 \
	    && ! printf '#include <zlib.h>\n#include <fftw3.h>\n' | clang -E - >/dev/null 2>&1; then \
	  if command -v apt-get >/dev/null 2>&1; then \
	    sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	    $$sudo apt-get update -q && $$sudo apt-get install -y -q zlib1g-dev libfftw3-dev; \
	  elif command -v brew >/dev/null 2>&1; then brew install zlib fftw; \
	  else echo "Please install the development files of zlib and FFTW." >&2; exit 1; fi; \
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

## Errors planted into a copy of the sources, and what catches them (docs/results.md); six minutes after the build.
mutations: system-packages
	Tests/Mutations/run.py

lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Examples Package.swift

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

## Two-dimensional plaquettes to 1e-4 by hybrid Monte Carlo (docs/results.md); a quarter of an hour.
STUDY_HMC_2D = u1:2:20000 su2:2.2:14000 su3:6:10000 su4:10.8:6300
study-hmc-2d: build
	@for case in $(STUDY_HMC_2D); do \
	  set -- $$(echo $$case | tr : ' '); echo "$$1 beta $$2"; \
	  $(GAUGE) sample --group $$1 --lattice 128,128 --beta $$2 --algorithm hmc --tune 0.85 \
	    --trajectory-length 1.5 --sweeps $$3 --save-every 0 --seed 2026 --out studies/hmc-2d-$$1 \
	    --resume --json 2>/dev/null \
	    | grep -E '"(plaquette|acceptance|exponentialOfEnergyChange|reversibility|integrated|steps)'; \
	done

## U(1) in two dimensions with theta_I = 2 by hybrid Monte Carlo and heat bath, at beta 5 also by six
## chains with seeds 1 to 6; five minutes.
study-theta: build
	@for beta in 2 5; do for algorithm in hmc heatbath; do echo "beta $$beta $$algorithm"; \
	  $(GAUGE) sample --group u1 --lattice 8,8 --beta $$beta --theta 2 --algorithm $$algorithm \
	    --sweeps 400000 --thermalization 1000 --save-every 0 --seed 2026 --resume --json \
	    --out studies/theta-$$beta-$$algorithm 2>/dev/null \
	    | grep -E '"(plaquette|acceptance|exponential|chargeDensity|integrated)'; \
	done; done
	@for seed in 1 2 3 4 5 6; do echo "beta 5 heatbath seed $$seed"; \
	  $(GAUGE) sample --group u1 --lattice 8,8 --beta 5 --theta 2 --sweeps 400000 \
	    --thermalization 1000 --save-every 0 --seed $$seed --resume --json \
	    --out studies/theta-5-seed-$$seed 2>/dev/null | grep -E '"(plaquette|chargeDensity)'; \
	done

## Hybrid Monte Carlo against the heat bath in four dimensions, SU(3) on 4^4; five minutes.
STUDY_4D = isotropic:--beta=5.5 strong:--beta=1 \
  anisotropic:--beta=5.5,--xi0=1.4 \
  open:--beta=5.5,--boundary=periodic/periodic/periodic/open \
  half:--beta=5.5,--boundary=periodic/periodic/periodic/open,--boundary-weight=0.5
study-hmc-4d: build
	@for case in $(STUDY_4D); do name=$${case%%:*}; \
	  options=$$(echo $${case#*:} | tr ',' ' ' | tr / ,); echo "$$name $$options"; \
	  for algorithm in heatbath "hmc --integrator omelyan" "hmc --integrator leapfrog --steps 16" \
	    "hmc --integrator omf4 --steps 4"; do \
	    $(GAUGE) sample --group su3 --lattice 4,4,4,4 $$options --algorithm $$algorithm \
	      --sweeps 12000 --thermalization 400 --save-every 0 --seed 2026 --resume --json \
	      --out "studies/4d-$$name-$$(echo $$algorithm | tr -d ' -')" 2>/dev/null \
	      | grep -E '"(plaquette|acceptance|exponential|integrated)' | tr -d '\n'; echo; \
	  done; done

## The scales t0 and w0 of SU(3) at beta 5.96 on 12^4 (docs/results.md); ten minutes.
study-scale: build
	@mkdir -p studies
	$(GAUGE) sample --group su3 --lattice 12,12,12,12 --beta 5.96 --sweeps 3600 --thermalization 400 \
	  --save-every 30 --seed 2026 --out studies/scale --resume --json > studies/scale.json
	$(GAUGE) flow studies/scale/configuration-*.ildg --time 4 --adaptive 1e-5 --every 0.05 | tail -2

## The static potential of SU(3) at beta 5.7 and r0/a (docs/results.md); some ten minutes, 3 GB.
POTENTIAL = studies/potential
study-potential: build
	$(GAUGE) sample --group su3 --lattice 10,10,10,16 --beta 5.7 --thermalization 200 \
	  --sweeps 2400 --save-every 4 --seed 2026 --precision f32 --out $(POTENTIAL) --resume
	$(GAUGE) measure $(POTENTIAL)/configuration-*.ildg --observables potential --smear hyp:8 \
	  --maximum-r 5 --maximum-t 6 --fit-r 2-5 --fit-t 2-3 --coulomb treeLevelImproved

## Couplings inferred from ensembles, and how often intervals cover the planted anisotropy (docs/results.md);
## a quarter of an hour. Cases are name:options of sample:options of infer.
INFERENCE_SEEDS = 20
INFERENCE = u1:--group=u1,--lattice=6/6/6/6,--beta=0.9,--xi0=1.1,--overrelaxation=0:--terms=planes \
  su2:--group=su2,--lattice=4/4/4/4,--beta=2.2,--xi0=1.2:--terms=spatial/temporal/rectangle \
  su3:--group=su3,--lattice=4/4/4/4,--beta=5.5,--xi0=0.9:--terms=spatial/temporal \
  su4:--group=su4,--lattice=4/4/4,--beta=12:--terms=plaquette \
  open:--group=su2,--lattice=4/4/6,--beta=4,--boundary=periodic/periodic/open,--boundary-weight=0.5:--terms=spatial/temporal \
  symanzik:--group=su3,--lattice=4/4/4/4,--beta=4.2,--action=symanzik,--algorithm=hmc:--terms=plaquette/rectangle \
  theta:--group=su2,--lattice=4/4/4/4,--beta=2.2,--theta=5,--algorithm=hmc:--terms=plaquette/theta
study-inference: build
	Examples/Inference/coverage studies/inference $(INFERENCE_SEEDS) 1 1.01 1.02
	@options() { echo "$$1" | tr ',' ' ' | tr / ,; }; \
	for case in $(INFERENCE); do \
	  name=$${case%%:*}; rest=$${case#*:}; folder=studies/inference/$$name; echo; \
	  echo "$$name $$(options "$${rest%%:*}")"; \
	  $(GAUGE) sample $$(options "$${rest%%:*}") --sweeps 5000 --thermalization 300 --save-every 5 \
	    --seed 2026 --out $$folder --resume > /dev/null 2>&1; \
	  for terms in "" $$(options "$${rest#*:}"); do \
	    $(GAUGE) infer $$folder/configuration-* $$terms; done; \
	done

## Networks that learn Wilson loops and the topological charge, five seeds each; an hour on two cores.
LEARNING = su2-w1x1 su2-w1x2 su2-w2x2 su2-charge su2-w4x4 su3-w3x3 su3-w4x4
study-learning: build
	Examples/Learning/table studies/learning "1 2 3 4 5" $(LEARNING:%=Examples/Learning/%.json)

## How often tests of symmetries are wrong, and what they find (docs/results.md); ten minutes.
TRUST_CELLS = 20:0.5,20:2,20:5,100:0.5,100:2,100:5
study-trust: system-packages
	$(SWIFT) build $(SWIFT_FLAGS) --product SymmetryTrust
	.build/release/SymmetryTrust calibration --ensembles 2000 --seed 2026
	.build/release/SymmetryTrust calibration --only plaquettes --cells $(TRUST_CELLS)
	.build/release/SymmetryTrust calibration --only Q --cells $(TRUST_CELLS)
	.build/release/SymmetryTrust power --ensembles 200 --seed 2026

## What gauge detect finds in ensembles with known symmetries, and in symmetric ones (docs/results.md); half an hour.
DETECTION_SEEDS = 20
study-detection: build
	Examples/Detection/study studies/detection $(DETECTION_SEEDS)

## Symmetries of ensembles, each found and drawn: reports/NAME/*.html; some two minutes.
symmetry-examples: build
	for name in Anisotropy OpenBoundary ThetaTerm Deconfinement; do Examples/$$name/run || exit 1; done

## Networks in use (Examples/PlaquetteModels): Wilson loops by an L-CNN and by ordinary CNNs.
EXAMPLES = .build/release/PlaquetteModels
example-a: build-examples
	$(EXAMPLES) regression

## Gauge transformations, random and adversarial, against the networks of example a.
example-b: build-examples
	$(EXAMPLES) attack

## The density of topological charge in four dimensions by one merged layer.
example-c: build-examples
	$(EXAMPLES) charge

## A learned action, sampled by hybrid Monte Carlo with the network's force.
example-d: build-examples
	$(EXAMPLES) learned-action

## Which lattice symmetries a relaxed gauge network keeps, 20 seeds each of two anisotropies.
example-anisotropic: build-examples
	.build/release/AnisotropicAction

## The symmetry of picture tasks, of a pendulum, and ways to equivariance beside each other, 20 seeds each (docs/results.md).
RELAXED = .build/release/RelaxedSymmetry
example-square: build-examples
	$(RELAXED) square-to-rectangle --seeds 20 --seed 4052

example-pendulum: build-examples
	$(RELAXED) pendulum --seeds 20 --seed 4052

example-rotated: build-examples
	$(RELAXED) rotated-images --seeds 20

## All of them in small; some forty seconds.
examples: build-examples
	for example in regression attack charge learned-action; do $(EXAMPLES) $$example --quick || exit 1; done
	.build/release/AnisotropicAction --quick
	for example in square-to-rectangle pendulum rotated-images; do $(RELAXED) $$example --quick || exit 1; done

build-examples: system-packages
	$(SWIFT) build $(SWIFT_FLAGS) --product PlaquetteModels
	$(SWIFT) build $(SWIFT_FLAGS) --product AnisotropicAction
	$(SWIFT) build $(SWIFT_FLAGS) --product RelaxedSymmetry

include fuzz.mk

clean:
	rm -rf .build .build-baseline .build-mutations quickstart studies reports
