#!/usr/bin/env python3
"""Runs each query of docs/fleet.md on a lake with Spark SQL and prints its rows as one line of JSON.

    spark-submit --master local[1] spark/run_sql.py LAKE docs/fleet.md
"""

import json
import re
import sys

from pyspark.sql import SparkSession

from fleet_job import PART_TABLES, table_of

lake, docs = sys.argv[1:]
spark = SparkSession.builder.appName("hangproof sql").getOrCreate()
spark.conf.set("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
for table in (*PART_TABLES, "evidence"):
    rows = table_of(spark, lake, table)
    if rows is None:
        sys.exit(f"{table}: has no rows to ask")
    rows.createOrReplaceTempView(table)
with open(docs, encoding="utf-8") as text:
    queries = re.findall(r"```sql\n(.*?)```", text.read(), re.S)
for query in queries:
    print(json.dumps([row.asDict() for row in spark.sql(query.rstrip().rstrip(";")).collect()], sort_keys=True))
spark.stop()
