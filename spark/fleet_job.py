#!/usr/bin/env python3
"""Writes the tables of a fleet (docs/fleet-schema.md) on Spark.

Spreads the input files over the executors. Each is read by the one-file program (`npm run bundle`) through a pipe; the
workers need Node and nothing else. A task that is tried again, or twice at once, gives the same rows, and Spark commits
one attempt: the tables do not depend on what failed on the way.

    spark-submit --files dist/hangproof.mjs spark/fleet_job.py --out LAKE [--onto LAKE] [--tz ZONE] PATH...

Paths and lakes are on a file system that driver and workers share (NFS, a mounted object store). The lake must not exist.
With --onto it holds what an older lake holds as well, each evidence once; the older one stays as it is.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

from pyspark import SparkFiles
from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql import types as T

LAKE_VERSION = 2
MARKER = "hangproof-lake.json"
BUNDLE = "hangproof.mjs"
PART_TABLES = ("events", "coverage", "windows", "settings")
# Nothing to read, and read with damage, are answers; everything else is a failed task.
ANSWERS = (0, 1, 3)
FILES_A_PROCESS = 64
# So that a slow file keeps no core waiting for long at the end.
TASKS_A_CORE = 4

TEXTS = T.ArrayType(T.StringType())
EVENT = ["host", "month", "kind", "unix_ms", "boot_ms", "adapter_pci", "adapter_interface", "trust", "line",
         "byte_offset", "byte_length", "payload"]
TYPES = {
    **dict.fromkeys(["unix_ms", "boot_ms"], T.DoubleType()),
    **dict.fromkeys(["line", "byte_offset", "byte_length", "start_ms", "end_ms", "doubt"], T.LongType()),
    "hosts": TEXTS,
    "machines": TEXTS,
    "guests": T.ArrayType(T.LongType()),
    "bandwidth_kibps": T.DoubleType(),
}


EVIDENCE = ["key", "reading", "sha256", "form", "label", "labels", "hosts", "machines", "start_ms", "end_ms", "doubt",
            "summary"]


def schema(names, **other):
    """Columns of a kind of line; texts where nothing else is said."""
    kinds = {**TYPES, **other}
    return T.StructType([T.StructField(name, kinds.get(name, T.StringType())) for name in names])


LINES = {
    "events": schema(["label", *EVENT]),
    "coverage": schema(["label", "host", "month", "start_ms", "end_ms"]),
    "windows": schema(
        ["label", "host", "month", "start_ms", "end_ms", "guests", "outcome", "storage", "mode", "bandwidth_kibps", "line",
         "byte_offset"],
        start_ms=T.DoubleType(),
        end_ms=T.DoubleType(),
    ),
    "settings": schema(
        ["label", "host", "month", "name", "how", "value", "source", "reason", "adapter_pci", "adapter_interface",
         "unix_ms", "line", "byte_offset"]
    ),
    "evidence": schema(
        ["label", "key", "reading", "sha256", "form", "hosts", "machines", "start_ms", "end_ms", "summary", "only_host",
         "doubt"],
        start_ms=T.DoubleType(),
        end_ms=T.DoubleType(),
    ),
}


def read(paths, node, zone):
    """The rows of some files: (table, line of JSON), in bounded memory."""
    program = SparkFiles.get(BUNDLE)
    options = ["--quiet", *(["--tz", zone] if zone else [])]
    for batch in batches(paths):
        with tempfile.TemporaryFile() as said:
            command = [node, program, "fleet", "rows", *options, "--", *batch]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said) as process:
                for line in process.stdout:
                    text = line.decode("utf-8")
                    yield text[len('{"table":"') :].split('"', 1)[0], text
            if process.returncode not in ANSWERS:
                said.seek(0)
                raise RuntimeError(f"status {process.returncode}: {said.read().decode('utf-8', 'replace')}")


def batches(paths):
    """Some paths for one process, as starting one costs more than reading a small file."""
    batch = []
    for path in paths:
        batch.append(path)
        if len(batch) == FILES_A_PROCESS:
            yield batch
            batch = []
    if batch:
        yield batch


def files_below(paths):
    """All files, each once, in the order of their names; links below a folder are not followed."""
    paths = set(map(os.path.abspath, paths))
    found = set()
    for path in paths:
        if os.path.isfile(path):
            found.add(path)
        for folder, _, names in os.walk(path):
            found.update(os.path.join(folder, name) for name in names)
    files = sorted(path for path in found if os.path.isfile(path) and (path in paths or not os.path.islink(path)))
    unreadable = {path for path in files if not os.access(path, os.R_OK)}
    for path in sorted(unreadable):
        print(f"fleet_job: {path!r}: cannot be read, left out", file=sys.stderr)
    return [path for path in files if path not in unreadable]


def parsed(lines, table):
    """The lines of one table as columns."""
    return lines.where(F.col("table") == table).select(F.from_json("line", LINES[table]).alias("row")).select("row.*")


def table_of(spark, lake, table):
    """A table of a lake, whoever wrote it; null without rows."""
    folder = os.path.join(lake, table)
    names = {name for _, _, names in os.walk(folder) for name in names if name.endswith(".parquet")}
    if not names:
        return None
    # `fleet ingest` cuts long names in the path and has the columns in its files, Spark has them in the path only.
    is_own = any(name.startswith("part-") for name in names)
    return spark.read.option("recursiveFileLookup", str(not is_own).lower()).parquet(folder)


def best_readings(evidence):
    """Of the same bytes the reading with the least doubt, as `hangproof fleet ingest` chooses; all labels are kept."""
    by_key = Window.partitionBy("key")
    # A reading that the older lake has is taken from there.
    best = Window.partitionBy("key").orderBy("doubt", F.desc("reading"), F.desc("is_old"), "label")
    return (
        evidence.withColumn("labels", F.array_sort(F.array_distinct(F.flatten(F.collect_list("labels").over(by_key)))))
        .withColumn("rank", F.row_number().over(best))
        .where("rank = 1")
        .withColumnRenamed("label", "read_label")
    )


def all_evidence(spark, lines, onto):
    """What was read now, and what an older lake holds."""
    new = parsed(lines, "evidence").withColumn("labels", F.array("label")).withColumn("is_old", F.lit(False))
    old = onto and table_of(spark, onto, "evidence")
    if not old:
        return new
    # Rows of the older lake have their hosts already.
    return new.unionByName(old.withColumn("is_old", F.lit(True)).withColumn("only_host", F.lit(None).cast("string")))


def rows_of(spark, lines, table, best, onto):
    """The rows of a table that count."""
    chosen = best.select("read_label", F.col("key").alias("evidence"), "reading", "only_host", "is_old")
    new = parsed(lines, table).join(chosen.where("not is_old"), F.col("label") == F.col("read_label"))
    new = new.withColumn("host", F.coalesce("host", "only_host")).drop("label", "read_label", "only_host", "is_old")
    old = onto and table_of(spark, onto, table)
    if not old:
        return new
    kept = chosen.where("is_old").select("evidence", "reading")
    return new.unionByName(old.join(kept, ["evidence", "reading"]))


def write_tables(spark, lines, out, onto=None):
    """All tables, `evidence` last, as a reader joins the others with it."""
    best = best_readings(all_evidence(spark, lines, onto)).persist()
    for table in PART_TABLES:
        rows = rows_of(spark, lines, table, best, onto)
        rows = rows.repartition("host", "month").sortWithinPartitions("host", "month", "evidence")
        rows.write.partitionBy("host", "month").option("compression", "zstd").parquet(os.path.join(out, table))
    evidence = best.withColumn("label", F.element_at("labels", 1)).select(*EVIDENCE)
    evidence.repartition(1).write.option("compression", "zstd").parquet(os.path.join(out, "evidence"))
    best.unpersist()


def require_lake(path):
    """Ends where a folder is no lake of this schema."""
    try:
        with open(os.path.join(path, MARKER), encoding="utf-8") as marker:
            version = json.load(marker)["hangproofLake"]
    except (OSError, ValueError, KeyError, TypeError):
        sys.exit(f"{path}: no lake")
    if version != LAKE_VERSION:
        sys.exit(f"{path}: the lake has schema {version}, this job knows {LAKE_VERSION}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument("--out", required=True, metavar="LAKE")
    parser.add_argument("--onto", metavar="LAKE", help="an older lake, whose rows the new one has as well")
    parser.add_argument("--tz", help="zone of stamps without one (default: UTC, assumed)")
    parser.add_argument("--node", default="node", help="the Node of the workers")
    parser.add_argument("--tasks", type=int, help="default: four for each core")
    options = parser.parse_args()
    out = os.path.abspath(options.out)
    staging = out + ".staging"
    for taken in (out, staging):
        if os.path.exists(taken):
            sys.exit(f"{taken}: is there already; name a new lake")
    onto = options.onto and os.path.abspath(options.onto)
    if onto:
        require_lake(onto)
    files = files_below(options.paths)
    if not files:
        sys.exit("no file to read")
    spark = SparkSession.builder.appName("hangproof fleet").getOrCreate()
    # A host may be called 007.
    spark.conf.set("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
    node, zone = options.node, options.tz
    context = spark.sparkContext
    tasks = min(len(files), options.tasks or TASKS_A_CORE * context.defaultParallelism)
    rows = context.parallelize(files, tasks).mapPartitions(lambda paths: read(paths, node, zone))
    # Read once: what follows looks at the lines three times.
    spark.createDataFrame(rows, T.StructType([T.StructField(name, T.StringType()) for name in ("table", "line")])) \
        .write.option("compression", "zstd").parquet(staging)
    write_tables(spark, spark.read.parquet(staging), out, onto)
    shutil.rmtree(staging)
    with open(os.path.join(out, MARKER), "w", encoding="utf-8") as marker:
        marker.write(json.dumps({"hangproofLake": LAKE_VERSION}, separators=(",", ":")) + "\n")
    spark.stop()


if __name__ == "__main__":
    main()
