#!/usr/bin/env bash
# Every suite that can run here: the whole on SQLite, then what touches a database again on PostgreSQL.
# With REQUIRE_ALL=1 a tool that is missing is a failure, else a skip said by name. One summary at the end.
set -u
cd "$(dirname "$0")/.."
python=.venv/bin/python
workers=${TEST_WORKERS:-$(nproc)}
status=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

run() {
  echo "== $1"
  shift
  "$@" 2>&1 | tee -a "$log"
  local code=${PIPESTATUS[0]}
  [ "$code" -eq 0 ] || status=1
}

run "SQLite" env TEST_ENGINE=sqlite "$python" -m pytest -q -n "$workers" --dist worksteal "$@"
run "PostgreSQL" env TEST_ENGINE=postgresql "$python" -m pytest -q -n "$workers" --dist worksteal -m "database and not browser" "$@"

"$python" - "$log" <<'PY'
import re
import sys

totals = dict.fromkeys(("passed", "failed", "skipped", "errors"), 0)
for line in open(sys.argv[1], encoding="utf-8", errors="replace"):
    if re.match(r"^(=+ )?\d+ \w+.* in [\d.]+s", line):
        for number, word in re.findall(r"(\d+) (passed|failed|skipped|errors?)", line):
            totals["errors" if word.startswith("error") else word] += int(number)
print(f"{totals['passed']} passed, {totals['failed'] + totals['errors']} failed, {totals['skipped']} skipped")
PY
exit $status
