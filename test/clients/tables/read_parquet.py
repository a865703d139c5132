"""Prints the rows of a Parquet file as three libraries read them: `read_parquet.py FILE`."""

import json
import sys

import duckdb
import pandas as pd
import pyarrow.parquet as pq

path = sys.argv[1]


def show(value: object) -> object:
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")


table = pq.read_table(path)
relation = duckdb.sql("SET TimeZone = 'UTC'") or duckdb.read_parquet(path)
rows = {
    "pyarrow": table.to_pylist(),
    "pandas": pd.read_parquet(path, dtype_backend="pyarrow").to_dict(orient="records"),
    "duckdb": relation.to_arrow_table().to_pylist(),
}
types = {field.name: str(field.type) for field in table.schema}
json.dump({"rows": rows, "types": types}, sys.stdout, default=show)
