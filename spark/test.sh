#!/bin/bash
# The job on a local cluster of two workers, where the first attempt of one task kills its executor and another task fails
# once, then onto that lake with more files and all the old ones, against `hangproof fleet ingest` of the same files: row by
# row, the report, and each query of docs/fleet.md.
# Usage: spark/test.sh. Needs Java, Python 3, `npm run setup`; brings PySpark into a folder of its own unless
# HANGPROOF_PYSPARK_PYTHON names a Python that has it, or spark-submit is on the PATH.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -n "${HANGPROOF_PYSPARK_PYTHON:-}" ]; then
  PATH="$(dirname "$HANGPROOF_PYSPARK_PYTHON"):$PATH"
elif ! command -v spark-submit >/dev/null; then
  python3 -m venv "$work/python"
  "$work/python/bin/pip" install --quiet --requirement spark/requirements.txt
  PATH="$work/python/bin:$PATH"
fi
export PATH
PYSPARK_PYTHON=$(command -v python3)
export PYSPARK_PYTHON

# Several hosts and copies: the same log in two places, the same configuration on two hosts.
case=fixtures/cases/pve-backup-hang
mkdir -p "$work/logs/a" "$work/logs/b"
cp -r "$case/logs" "$case/dmesg" "$case/modprobe.d" "$case/pve-tasks" "$work/logs/a"
cp -r "$case/modprobe.d" "$work/logs/b"
cp "$case/logs/kern.log.1" "$work/logs/old.log"
zcat -f "$case"/logs/kern.log.[23]* | sed 's/ pve1 / pve2 /' >"$work/logs/b/kern.log"
find "$work/logs" -type f -exec touch -d 2025-11-24T09:00:00Z {} +

cat >"$work/node" <<END
#!/bin/bash
# Stands before Node: the first task takes its executor down, another one fails.
executor() {
  local at=\$\$
  while [ "\$at" -gt 1 ]; do
    if tr '\\0' ' ' <"/proc/\$at/cmdline" | grep -q CoarseGrainedExecutorBackend; then echo "\$at"; return; fi
    at=\$(awk '/^PPid/ {print \$2}' "/proc/\$at/status")
  done
}
own=\$(executor)
# What a killed executor leaves behind does nothing more.
if [ -z "\$own" ]; then exit 71; fi
if mkdir "$work/killed" 2>/dev/null; then kill -9 "\$own"; exit 71; fi
if mkdir "$work/failed" 2>/dev/null; then exit 70; fi
exec $(command -v node) "\$@"
END
chmod +x "$work/node"

node scripts/bundle.mjs "$work/hangproof.mjs"
spark-submit --master 'local-cluster[2,1,1024]' --conf spark.speculation=true --conf spark.ui.enabled=false \
  --files "$work/hangproof.mjs" spark/fleet_job.py \
  --out "$work/first" --tz Europe/Berlin --node "$work/node" --tasks 8 "$work/logs/a" >"$work/spark.log" 2>&1 ||
  { tail -50 "$work/spark.log"; exit 1; }
grep -q 'Lost executor' "$work/spark.log" || { echo 'no executor was lost: the test tests nothing'; exit 1; }
grep -q 'status 70' "$work/spark.log" || { echo 'no task failed: the test tests nothing'; exit 1; }

before=$(cd "$work/first" && find . -type f -exec sha256sum {} + | sort | sha256sum)
spark-submit --master 'local[2]' --conf spark.ui.enabled=false --files "$work/hangproof.mjs" spark/fleet_job.py \
  --out "$work/spark" --onto "$work/first" --tz Europe/Berlin --tasks 4 "$work/logs" >"$work/onto.log" 2>&1 ||
  { tail -50 "$work/onto.log"; exit 1; }
[ "$before" = "$(cd "$work/first" && find . -type f -exec sha256sum {} + | sort | sha256sum)" ] ||
  { echo 'the older lake was written to'; exit 1; }

hangproof=(node packages/cli/dist/main.js fleet)
"${hangproof[@]}" ingest "$work/logs" --out "$work/duckdb" --tz Europe/Berlin --quiet
node spark/compare.mjs "$work/duckdb" "$work/spark"
for lake in duckdb spark; do
  "${hangproof[@]}" report "$work/$lake" --now 2025-12-01T00:00:00Z --format json >"$work/$lake.json"
done
cmp "$work/duckdb.json" "$work/spark.json"
for lake in duckdb spark; do
  spark-submit --master 'local[1]' --conf spark.ui.enabled=false spark/run_sql.py "$work/$lake" docs/fleet.md \
    >"$work/$lake.rows" 2>"$work/sql.log" || { tail -30 "$work/sql.log"; exit 1; }
done
node spark/run-sql.mjs "$work/duckdb" docs/fleet.md >"$work/expected.rows"
cmp "$work/expected.rows" "$work/duckdb.rows"
cmp "$work/expected.rows" "$work/spark.rows"
echo 'same tables, the same report and the same rows of SQL, after a killed executor, a failed task and a second run'
