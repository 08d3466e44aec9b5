# Sonde: what one types. Needs a JDK 17+, Maven 3.8+ and make.
.DEFAULT_GOAL := help
MVN ?= mvn -B -Dstyle.color=never
ARGS ?=

sources := $(shell find modules probe db src conf pom.xml -type f \
             -not -path '*/target/*' -not -path '*/src/test/*' -not -path '*/node_modules/*' -not -path '*/.jqwik-database')
built := target/.built

.PHONY: help up test e2e faults scenarios build bench migrate format clean cluster

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: $(built) ## build what is not built, then run everything: node, PostgreSQL, test target, probe (ARGS="--data DIR")
	@exec target/sonde/bin/sonde up $(ARGS)

test: ## every check and every test
	@for tool in promtool nats-server curl npm; do \
	  PATH="$$PATH:target/tools/usr/bin" command -v $$tool >/dev/null || \
	    { echo "make test needs $$tool, which is not on the PATH: .ci/run fetches what is missing, then runs make test" >&2; exit 1; }; \
	done
	$(MVN) verify
	@touch $(built)

e2e: $(built) ## the web application in a real browser, on a node of its own; screenshots in modules/ui/target/screenshots
	@CHROMIUM=$$(command -v chromium) modules/ui/npm run e2e

faults: ## every fault in full length, and the table of docs/reliability.md (ARGS=-Dsonde.seed=N repeats a run)
	rm -rf modules/faults/target/reliability
	$(MVN) verify -pl modules/faults -am -Dtest=NoUnitTest -Dit.test='io.sonde.faults.*IT,NatsFaultsIT,BlindSpotIT,DatabaseFaultIT,SteadyDayIT,*FuzzIT' \
	  -Dfaults.groups= -Dfaults.full=true -Dsonde.test.simulated-hours=24 -Dsonde.nats.faults=50 -Dsonde.fuzz.runs=100000 -Dsonde.test.held-seconds=60 -Dsonde.test.hang-seconds=60 -Dtest.compiler=4 \
	  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false $(ARGS)
	@cd modules/faults && $(if $(JAVA_HOME),$(JAVA_HOME)/bin/)java -cp target/test-classes io.sonde.faults.ReliabilityTable \
	  ../../docs/reliability.md "Commit $$(git rev-parse --short HEAD), $$(nproc) cores, $$(uname -sr)."

scenarios: ## the diagnosis on 4,000 days of which it is known what was wrong, and the tables of docs/diagnosis.md
	rm -rf modules/diagnosis/target/scenarios
	$(MVN) test -pl modules/diagnosis -am -Dtest='Scenario*Test' -Dscenarios.full=true -Dsurefire.failIfNoSpecifiedTests=false $(ARGS)
	@cd modules/diagnosis && $(if $(JAVA_HOME),$(JAVA_HOME)/bin/)java -cp target/test-classes:../testkit/target/classes:../core/target/classes \
	  io.sonde.diagnosis.ScenarioTable ../../docs/diagnosis.md "Commit $$(git rev-parse --short HEAD)."

build: ## target/sonde and target/sonde-probe, without running the tests
	$(MVN) -q package -DskipTests
	@touch $(built)

$(built): $(sources)
	@echo "building (the first time fetches libraries) …" >&2
	@$(MAKE) --no-print-directory build >&2

bench: $(built) ## the table of docs/performance.md, measured on nodes of its own (ARGS="--rows direct-10,ack", ARGS=run, ARGS=jmh)
	@.ci/victoria-metrics || true
	@exec $(if $(JAVA_HOME),$(JAVA_HOME)/bin/)java -cp 'modules/bench/target/classes:modules/bench/target/lib/*' io.sonde.bench.Bench $(ARGS)

migrate: $(built) ## bring an external database's schema up to date (CONFIG=conf/sonde.conf)
	@exec target/sonde/bin/sonde migrate --config $(or $(CONFIG),conf/sonde.conf)

cluster: $(built) ## two nodes, migrate, probe and target on own NATS and PostgreSQL processes; see deploy/cluster.sh
	@exec deploy/cluster.sh

format: ## lay out the sources as the checks want them
	$(MVN) -q spotless:apply
	@modules/ui/npm run format

clean: ## forget what was built; data/ stays
	$(MVN) -q clean
	rm -rf target
