"""Predicts JSON Lines with Spark: each Python worker loads the weights once and runs rows in batches.

    python deploy/examples/spark/predict.py --model model --input rows.jsonl --output predictions

Each input line is an instance as an object; each output line holds the instance and its prediction.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from inspect import Parameter, Signature
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyspark.ml.functions import predict_batch_udf
from pyspark.sql import SparkSession
from pyspark.sql.functions import from_json, schema_of_json, struct, to_json
from pyspark.sql.types import StringType

sys.path.insert(0, str(Path(__file__).parents[1]))

from signature import read_signature  # noqa: E402

BATCH_ROWS = 10_000


def create_predictor(directory: str, shared: str) -> Callable[..., NDArray[np.object_]]:
    """Creates the prediction function, once per Python worker because a session cannot be pickled."""
    sys.path.insert(0, shared)
    from signature import read_signature as read

    signature = read(directory)
    session = signature.open_session()

    def predict(*columns: NDArray[Any]) -> NDArray[np.object_]:
        named = dict(zip(signature.features, columns, strict=True))
        predictions = signature.predict(session, named, len(columns[0]))
        return np.array([json.dumps(prediction) for prediction in predictions], np.object_)

    # Spark inspects the signature and expects one parameter per column.
    names = [f"column{place}" for place in range(len(signature.features))]
    predict.__signature__ = Signature([Parameter(name, Parameter.POSITIONAL_ONLY) for name in names])
    return predict


def main() -> None:
    """Reads instances, predicts, and writes the predictions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="model directory, on every worker")
    parser.add_argument("--input", required=True, help="input files, one instance per line")
    parser.add_argument("--output", required=True, help="output directory")
    options = parser.parse_args()
    # Local workers use this environment; on a cluster, set PYSPARK_PYTHON to theirs.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    directory, shared = str(Path(options.model).resolve()), str(Path(__file__).parents[1])
    spark = SparkSession.builder.appName("predict").getOrCreate()
    predict = predict_batch_udf(
        lambda: create_predictor(directory, shared), return_type=StringType(), batch_size=BATCH_ROWS
    )
    features = read_signature(directory).features
    rows = spark.read.json(options.input)
    predicted = rows.select(struct(*features).alias("instance"), predict(*features).alias("text"))
    sample = predicted.first()
    if sample is not None:
        form = schema_of_json(sample["text"])
        line = struct("instance", from_json("text", form).alias("prediction"))
        predicted.select(to_json(line).alias("value")).write.mode("overwrite").text(options.output)
    spark.stop()


if __name__ == "__main__":
    main()
