#!/usr/bin/env python3
"""Writes the tables of a fleet (docs/fleet-schema.md) on Spark.

Spreads the input files over the executors. Each is read by the one-file program (`npm run bundle`) through a pipe; the
workers need Node and nothing else. A task that is tried again, or twice at once, gives the same rows, and Spark commits
one attempt: the tables do not depend on what failed on the way.

    spark-submit --files dist/hangproof.mjs spark/fleet_job.py --out LAKE [--tz ZONE] PATH...

Paths and LAKE are on a file system that driver and workers share (NFS, a mounted object store). LAKE must not exist.
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


def best_readings(evidence):
    """Of the same bytes the reading with the least doubt, as `hangproof fleet ingest` chooses; all labels are kept."""
    by_key = Window.partitionBy("key")
    best = Window.partitionBy("key").orderBy("doubt", F.desc("reading"), "label")
    return (
        evidence.withColumn("labels", F.array_sort(F.collect_set("label").over(by_key)))
        .withColumn("rank", F.row_number().over(best))
        .where("rank = 1")
        .withColumnRenamed("label", "read_label")
    )


def write_tables(spark, lines, out):
    """All tables, `evidence` last, as a reader joins the others with it."""
    best = best_readings(parsed(lines, "evidence")).persist()
    chosen = F.broadcast(best.select("read_label", F.col("key").alias("evidence"), "reading", "only_host"))
    for table in PART_TABLES:
        rows = parsed(lines, table)
        rows = rows.join(chosen, rows.label == chosen.read_label).drop("label", "read_label")
        rows = rows.withColumn("host", F.coalesce("host", "only_host")).drop("only_host")
        rows = rows.repartition("host", "month").sortWithinPartitions("host", "month", "evidence")
        rows.write.partitionBy("host", "month").option("compression", "zstd").parquet(os.path.join(out, table))
    evidence = best.withColumn("label", F.element_at("labels", 1)).select(
        "key", "reading", "sha256", "form", "label", "labels", "hosts", "machines", "start_ms", "end_ms", "summary"
    )
    evidence.repartition(1).write.option("compression", "zstd").parquet(os.path.join(out, "evidence"))
    best.unpersist()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument("--out", required=True, metavar="LAKE")
    parser.add_argument("--tz", help="zone of stamps without one (default: UTC, assumed)")
    parser.add_argument("--node", default="node", help="the Node of the workers")
    parser.add_argument("--tasks", type=int, help="default: four for each core")
    options = parser.parse_args()
    out = os.path.abspath(options.out)
    staging = out + ".staging"
    for taken in (out, staging):
        if os.path.exists(taken):
            sys.exit(f"{taken}: is there already; name a new lake")
    files = files_below(options.paths)
    if not files:
        sys.exit("no file to read")
    spark = SparkSession.builder.appName("hangproof fleet").getOrCreate()
    node, zone = options.node, options.tz
    context = spark.sparkContext
    tasks = min(len(files), options.tasks or TASKS_A_CORE * context.defaultParallelism)
    rows = context.parallelize(files, tasks).mapPartitions(lambda paths: read(paths, node, zone))
    # Read once: what follows looks at the lines three times.
    spark.createDataFrame(rows, T.StructType([T.StructField(name, T.StringType()) for name in ("table", "line")])) \
        .write.option("compression", "zstd").parquet(staging)
    write_tables(spark, spark.read.parquet(staging), out)
    shutil.rmtree(staging)
    with open(os.path.join(out, MARKER), "w", encoding="utf-8") as marker:
        marker.write(json.dumps({"hangproofLake": LAKE_VERSION}, separators=(",", ":")) + "\n")
    spark.stop()


if __name__ == "__main__":
    main()
