"""Sends tables as their libraries write them, and prints what came back: `send.py URL < instances.json`.

The instances are objects by feature names. Printed are an object with the rows that each library got, as records, and the errors
of streams that are refused.
"""

import io
import json
import sys

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import requests

ARROW = "application/vnd.apache.arrow.stream"


def write(table: pa.Table, **options: object) -> bytes:
    """The table as an IPC stream."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table, max_chunksize=7)
    return sink.getvalue()


def post(url: str, body: bytes, **headers: str) -> requests.Response:
    """An answer, whatever its status."""
    return requests.post(url, data=body, headers={"content-type": ARROW, **headers}, timeout=30)


def read(answer: requests.Response) -> list[dict[str, object]]:
    """The rows of an Arrow stream."""
    assert (answer.status_code, answer.headers["content-type"]) == (200, ARROW), answer.text
    table = pa.ipc.open_stream(answer.content).read_all()
    table.validate(full=True)
    return table.to_pylist()


def encode(table: pa.Table) -> pa.Table:
    """Strings as indices into dictionaries."""
    columns = [column.dictionary_encode() if pa.types.is_string(column.type) else column for column in table.columns]
    return pa.table(columns, names=table.column_names)


def main(url: str) -> None:
    """Each library on the same rows."""
    frame = pd.DataFrame(json.load(sys.stdin))
    sent = table = pa.Table.from_pandas(frame, preserve_index=False)
    polars_stream = io.BytesIO()
    pl.from_pandas(frame).write_ipc_stream(polars_stream)
    rows = {
        "pyarrow": read(post(url, write(table))),
        "dictionaries": read(post(url, write(encode(table)))),
        "polars": pl.read_ipc_stream(post(url, polars_stream.getvalue()).content).to_dicts(),
        "duckdb": read(post(url, write(duckdb.sql("select * from sent").to_arrow_table()))),
        "json": post(url, write(table), accept="application/json").json()["predictions"],
        "csv": pd.read_csv(io.StringIO(post(url, write(table), accept="text/csv; header=present").text)).to_dict("records"),
    }
    errors = {
        "compressed": post(url, write(table, compression="lz4")).json()["detail"],
        "another column": post(url, write(table.append_column("more", [[1] * len(frame)]))).json()["detail"],
        "a column less": post(url, write(table.drop_columns(table.column_names[0]))).json()["detail"],
        "dates": post(url, write(table.set_column(0, table.column_names[0], [pd.Series([pd.Timestamp(0)] * len(frame))]))).json()["detail"],
        "a null": post(url, write(table.set_column(0, table.column_names[0], [[None] * len(frame)]))).json()["errors"][0],
        "half": post(url, write(table)[:-100]).json()["detail"],
    }
    json.dump({"rows": rows, "errors": errors}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
