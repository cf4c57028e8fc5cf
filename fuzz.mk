# Fuzzing of the configuration readers with libFuzzer: `make -f fuzz.mk fuzz`.
# FUZZ_SECONDS: time for each; FUZZ_TARGETS: which. Findings lie in $(FUZZ_DIR)/findings.
FUZZ_SECONDS ?= 120
FUZZ_TARGETS ?= NERSC LIME MILC NumPy Text Diagnosis
FUZZ_DIR ?= .build/fuzz
FUZZ_NUMERICS ?= .build/checkouts/swift-numerics/Sources
FUZZ_SWIFTC = swiftc -O -wmo -parse-as-library -swift-version 6 -package-name latticegauge \
  -sanitize=fuzzer,address -I $(FUZZ_DIR) -I Sources/CZlib -I $(FUZZ_NUMERICS)/_NumericsShims/include \
  -Xcc -fmodule-map-file=$(FUZZ_DIR)/CKernels.modulemap
FUZZ_OBJECTS = $(addprefix $(FUZZ_DIR)/,RealModule.o ComplexModule.o Compute.o Lattice.o CKernels.o)

.PHONY: fuzz fuzz-build
fuzz-build: $(addprefix $(FUZZ_DIR)/fuzz-,$(FUZZ_TARGETS)) $(FUZZ_DIR)/make-seeds

fuzz: fuzz-build
	@mkdir -p $(FUZZ_DIR)/findings
	$(FUZZ_DIR)/make-seeds $(FUZZ_DIR)/seeds
	@status=0; for target in $(FUZZ_TARGETS); do \
	  mkdir -p $(FUZZ_DIR)/corpus/$$target $(FUZZ_DIR)/seeds/$$target; \
	  echo "fuzzing $$target for $(FUZZ_SECONDS) s"; \
	  ASAN_OPTIONS=detect_leaks=0:symbolize=0 timeout -s KILL $$(($(FUZZ_SECONDS) + 60)) \
	    $(FUZZ_DIR)/fuzz-$$target -max_total_time=$(FUZZ_SECONDS) -max_len=16384 -timeout=10 \
	    -rss_limit_mb=1024 -malloc_limit_mb=256 -print_final_stats=1 \
	    -artifact_prefix=$(FUZZ_DIR)/findings/$$target- \
	    $(FUZZ_DIR)/corpus/$$target $(FUZZ_DIR)/seeds/$$target \
	    > $(FUZZ_DIR)/$$target.log 2>&1 || { status=1; echo "$$target: a finding"; }; \
	  grep -E "number_of_executed_units|peak_rss_mb" $(FUZZ_DIR)/$$target.log; \
	done; exit $$status

$(FUZZ_DIR)/fuzz-%: Fuzz/Fuzz%.swift Fuzz/Support.swift $(FUZZ_OBJECTS)
	$(FUZZ_SWIFTC) -module-name Fuzz$* Fuzz/Support.swift $< $(FUZZ_OBJECTS) -lz -o $@

$(FUZZ_DIR)/make-seeds: Fuzz/MakeSeeds.swift $(FUZZ_OBJECTS)
	$(subst fuzzer$(comma)address,address,$(FUZZ_SWIFTC)) -sanitize-coverage=edge,inline-8bit-counters \
	  -module-name MakeSeeds $< $(FUZZ_OBJECTS) -lz -o $@

comma := ,

$(FUZZ_DIR)/CKernels.modulemap:
	@mkdir -p $(FUZZ_DIR)
	echo 'module CKernels { header "$(abspath Sources/CKernels/include/CKernels.h)" export * }' > $@

$(FUZZ_DIR)/CKernels.o: Sources/CKernels/CKernels.c Sources/CKernels/include/CKernels.h
	@mkdir -p $(FUZZ_DIR)
	clang -O2 -fsanitize=address -I Sources/CKernels/include -c $< -o $@

define fuzz_module
$(FUZZ_DIR)/$(1).o: $$(shell find $(2) -name '*.swift') $(FUZZ_DIR)/CKernels.modulemap $(3)
	$$(FUZZ_SWIFTC) -module-name $(1) -emit-module -emit-module-path $(FUZZ_DIR)/$(1).swiftmodule \
	  -emit-object $$(filter %.swift,$$^) -o $$@
endef
$(eval $(call fuzz_module,RealModule,$(FUZZ_NUMERICS)/RealModule,))
$(eval $(call fuzz_module,ComplexModule,$(FUZZ_NUMERICS)/ComplexModule,$(FUZZ_DIR)/RealModule.o))
$(eval $(call fuzz_module,Compute,Sources/Compute,))
$(eval $(call fuzz_module,Lattice,Sources/Lattice,$(FUZZ_DIR)/Compute.o $(FUZZ_DIR)/ComplexModule.o))
