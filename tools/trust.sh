#!/usr/bin/env bash
# The heavy proofs at full size: kills, races, random acts, hostile input, on both engines. What came out is written to docs/proofs.md.
set -u
cd "$(dirname "$0")/.."
python=.venv/bin/python
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export PROOFS=whole REQUIRE_ALL=1
status=0
suites=(tests/crash tests/services/test_register_agrees.py tests/services/test_every_change.py tests/services/test_races.py tests/services/test_change_races.py tests/hostile)
for engine in sqlite postgresql; do
  for suite in "${suites[@]}"; do
    [ -e "$suite" ] || continue
    name=$(basename "$suite" .py)
    TEST_ENGINE=$engine "$python" -m pytest -q -n 2 --dist loadfile "$suite" --junitxml "$folder/$engine.$name.xml" || status=1
  done
done
"$python" tools/proofs.py "$folder" docs/proofs.md
exit $status
