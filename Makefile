# `make` makes every episode that is not up to date; `make help` says what else there is.
# PAPER= one path, quoted glob or slug · VOICE= a profile in voices/ · JOBS= worker processes
# GNU make 3.81 is enough. Without make: everything here is one `paperledge` command.

ifneq ($(wildcard pipeline/cli.py),)
  RUN   = .venv/bin/python -m pipeline
  READY = .venv/paperledge-ready
else
  RUN ?= paperledge
endif

CHOSEN = $(if $(PAPER),'$(PAPER)') $(if $(VOICE),--voice '$(VOICE)') $(WHERE) $(if $(VOICE)$(EXECUTOR),--install) $(if $(JSON),--json) $(QUEUE)
WHERE = $(if $(JOBS),--jobs $(JOBS)) $(if $(EXECUTOR),--executor '$(EXECUTOR)')
QUEUE = $(if $(LIMIT),--limit '$(LIMIT)') $(if $(NEWEST),--newest) $(if $(FAILED),--failed)

# A variable that is misspelt would be ignored.
KNOWN = PAPER VOICE JOBS WORKERS EXECUTOR SHARD JSON LIMIT NEWEST FAILED FAILFAST TEXT RETAKE DRY ALL FROM RUN PYTHON EXTRAS TESTS SHORT SUITES PEERS
GIVEN := $(foreach v,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $v))),$v))
ifneq ($(filter-out $(KNOWN) MAKE% -%,$(GIVEN)),)
  $(error There is no variable $(firstword $(filter-out $(KNOWN) MAKE% -%,$(GIVEN))), only $(KNOWN))
endif

.PHONY: episodes draft watch plan diff script check voices add audition publish verify listen report serve clean help FORCE

episodes: $(READY)              ## make every episode that is not up to date (the default)
	@$(RUN) make $(CHOSEN) $(if $(SHARD),--shard '$(SHARD)') $(if $(FAILFAST),--fail-fast)

draft: $(READY)                 ## whole episodes in seconds, tones for words, into output/draft/
	@$(RUN) make --draft $(CHOSEN) $(if $(FAILFAST),--fail-fast)

watch: $(READY)                 ## drafts of what every edit touches, as soon as it is saved; Ctrl-C ends it
	@$(RUN) watch $(CHOSEN) $(if $(FAILFAST),--fail-fast)

plan: $(READY)                  ## say what make would do now, why, and how long it would take; WORKERS=100: that many
	@$(RUN) plan $(if $(PAPER),'$(PAPER)') $(if $(VOICE),--voice '$(VOICE)') $(if $(JSON),--json) $(QUEUE) $(if $(WORKERS),--workers '$(WORKERS)')

diff: $(READY)                  ## show what episodes would say otherwise since they were made
	@$(RUN) diff $(if $(PAPER),'$(PAPER)')

script: $(READY)                ## print what an episode will say: make script PAPER=papers/x.md
	@$(RUN) script $(if $(PAPER),'$(PAPER)')

check: $(READY)                 ## find every problem in papers, templates, voices and settings
	@$(RUN) check $(if $(PAPER),'$(PAPER)') $(if $(JSON),--json)

voices: $(READY)                ## list the voices of this computer, and what to choose them by; ALL=1: of all languages
	@$(RUN) voices $(if $(ALL),--all) $(if $(JSON),--json)

add: $(READY)                   ## add voices from their publishers: make add VOICE=af_heart
	@$(RUN) voices add $(foreach name,$(VOICE),'$(name)') $(if $(FROM),--from '$(FROM)')

audition: $(READY)              ## one page on which all voices speak, to choose by ear: output/audition/index.html
	@$(RUN) audition $(foreach name,$(VOICE),'$(name)') $(if $(ALL),--all) $(if $(JOBS),--jobs $(JOBS))

publish: $(READY)               ## make what is not up to date, then feed and site, and put them where show.yaml says; DRY=1 only says so
	@$(RUN) publish $(if $(VOICE),--voice '$(VOICE)') $(if $(JOBS),--jobs $(JOBS)) $(if $(DRY),--dry-run) $(if $(JSON),--json)

verify: $(READY)                ## hear every finished episode, and hold it and the site against every rule
	@$(RUN) verify $(if $(PAPER),'$(PAPER)') $(if $(JOBS),--jobs $(JOBS)) $(if $(JSON),--json)

listen: $(READY)                ## hear finished episodes, and find lines that are missing, cut, doubled or mumbled; RETAKE=1
	@$(RUN) listen $(if $(PAPER),'$(PAPER)') --install $(if $(RETAKE),--retake) $(if $(JOBS),--jobs $(JOBS)) $(if $(JSON),--json)

report: $(READY)                ## show on pages what finished episodes sound like, to look at and listen to: output/report.html; TEXT=1 here
	@$(RUN) report $(if $(PAPER),'$(PAPER)') $(if $(JOBS),--jobs $(JOBS)) $(if $(TEXT),--text) $(if $(JSON),--json)

serve: $(READY)                 ## show the site on this computer: http://127.0.0.1:8000
	@$(RUN) serve

clean: $(READY)                 ## delete everything that was made
	@$(RUN) clean

output/episodes/%.mp3: $(READY) FORCE
	@$(RUN) make '$*' $(if $(VOICE),--voice '$(VOICE)' --install) $(if $(JOBS),--jobs $(JOBS))

help:                           ## say what there is to make
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 20
	@echo "  PAPER='papers/2026-*'  one path, quoted glob or slug      VOICE=system  a profile of voices/, for this run"
	@echo "  JOBS=2                 worker processes                   JSON=1        the report as JSON"
	@echo "  LIMIT=10 NEWEST=1      so many, the latest first          FAILED=1      what failed in the last run"
	@echo "  EXECUTOR=dask:tcp://…  where else jobs are done           SHARD=2/8     the second of eight shares"
	@echo "  FAILFAST=1             end at the first failure           WORKERS=100   what a plan foretells it for"
	@echo "  Without make, and for more (new, import-notes): paperledge --help"

ifdef READY

.PHONY: setup test lint figures bench lock acceptance torture

# The first Python that fits; `make PYTHON=/path/to/python3.12` names another.
SETUP = for p in $(or $(PYTHON),python3 python3.13 python3.12 python3.11); do \
	  $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && break; p=; \
	done; \
	test -n "$$p" || { echo 'Python 3.11, 3.12 or 3.13 is needed: install one, or name it with PYTHON=' >&2; exit 1; }; \
	$$p -m pipeline setup

$(READY): pyproject.toml $(wildcard pipeline/locks/*.txt)
	@$(SETUP)

setup:                          ## make .venv from the lock: make setup EXTRAS='espeak'
	@$(SETUP) $(EXTRAS)

test:                           ## run the tests
	@$(SETUP) test espeak fonts listen neural piper s3 cluster
	@.venv/bin/python -m pytest $(if $(TESTS),$(TESTS),-n auto -m 'not acceptance and not torture')

lint:                           ## check style, types and layers
	@$(SETUP) test
	@.venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy && .venv/bin/lint-imports

acceptance:                     ## hold episodes, feed and site against tools from outside (see docs/acceptance.md)
	@$(SETUP) clients test cluster ray s3
	@.venv/bin/python -m pytest -m acceptance

torture:                        ## the long tests; SHORT=1 for a few minutes of them
	@$(SETUP) test cluster espeak neural piper s3
	@.venv/bin/python -m pytest -m torture $(if $(SHORT),--short)

figures:                        ## measure how text is spoken: make figures SUITES=folder, PEERS=1 for other tools too
	@$(SETUP) test
	@.venv/bin/python -m tests.bench.spoken $(if $(SUITES),'$(SUITES)',tests/script/suites) $(if $(PEERS),--peers)

bench:                          ## measure text, cost over the floor, rivals, memory by length and number, the neural voice, edits, capacity, listening (an hour)
	@$(SETUP) test cluster espeak listen neural s3
	@.venv/bin/python -m tests.bench.speed
	@.venv/bin/python -m tests.bench.cost
	@.venv/bin/python -m tests.bench.cost --variants 5 --rounds 1
	@.venv/bin/python -m tests.bench.rivals
	@.venv/bin/python -m tests.bench.lengths
	@.venv/bin/python -m tests.bench.neural
	@.venv/bin/python -m tests.bench.edits
	@.venv/bin/python -m tests.bench.many
	@.venv/bin/python -m tests.bench.cluster
	@.venv/bin/python -m tests.bench.capacity
	@.venv/bin/python -m tests.bench.asking
	@$(RUN) make
	@.venv/bin/python -m tests.bench.verify
	@.venv/bin/python -m tests.bench.listening

lock:                           ## write pipeline/locks/ anew from pyproject.toml
	@$(SETUP) test
	@.venv/bin/python .ci/lock.py

endif
