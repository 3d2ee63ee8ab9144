#!/usr/bin/env bash
# The heavy proofs at full size: kills, races, random acts, hostile input, on both engines, spread over all cores.
# Each proof that is done is told with how far all is; what came out is written to docs/proofs.md.
# TRUST_WORKERS and TRUST_ENGINES ("sqlite postgresql") make less of it.
set -uo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
workers=${TRUST_WORKERS:-$(nproc)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export PROOFS=whole REQUIRE_ALL=1
status=0
suites=(tests/machine tests/services/test_register_agrees.py tests/services/test_change_races.py tests/services/test_case_races.py tests/services/test_races.py tests/crash tests/hostile)
for engine in ${TRUST_ENGINES:-sqlite postgresql}; do
  echo "== $engine: $(date +%H:%M), $workers at a time"
  TEST_ENGINE=$engine "$python" -m pytest -v -n "$workers" --dist worksteal "${suites[@]}" --junitxml "$folder/$engine.xml" |
    grep --line-buffered -E "^\[gw|^(E  |=|FAILED|ERROR)" || status=1
done
"$python" tools/proofs.py "$folder" docs/proofs.md || status=1
exit $status
