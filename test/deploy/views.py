"""
Runs the views of `npm run deploy -- captures --sql` over a directory of captures: BigQuery's SQL, read by sqlglot, in DuckDB.

Prints the rows of each view as JSON. Reads {"sql": …, "directory": …} from standard input.
"""

import json
import re
import sys
from pathlib import Path

import duckdb
import sqlglot
from sqlglot.errors import ErrorLevel


def main() -> None:
    given = json.load(sys.stdin)
    database = duckdb.connect()
    write_log(database, Path(given["directory"]))
    rows = {}
    for statement in sqlglot.parse(given["sql"], read="bigquery"):
        name = statement.this.name
        text = statement.sql(dialect="duckdb", unsupported_level=ErrorLevel.RAISE)
        # One catalogue and schema are enough here.
        database.execute(re.sub(r'"[\w-]+"\."\w+"\."(\w+)"', r'"\1"', text))
        result = database.execute(f"SELECT * FROM {name}")
        columns = [column[0] for column in result.description]
        rows[name] = [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
    print(json.dumps(rows, default=str))


def write_log(database: duckdb.DuckDBPyConnection, directory: Path) -> None:
    """The log as Cloud Logging's link shows it: a payload of JSON, and other entries between those of captures."""
    database.execute("CREATE TABLE _AllLogs (timestamp TIMESTAMP, insert_id VARCHAR, json_payload JSON)")
    lines = [line for path in sorted(directory.iterdir()) for line in path.read_text("utf-8").splitlines()]
    payloads = [json.dumps({"capture": json.loads(line)}) for line in lines] + ['{"message": "other"}', None]
    database.executemany(
        "INSERT INTO _AllLogs VALUES (make_timestamp(2026, 11, 27, 1, 0, 0) + to_seconds(?), ?, ?)",
        [(place, f"{place:09}", payload) for place, payload in enumerate(payloads)],
    )


main()
