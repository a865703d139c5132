"""Predicts JSON Lines with the version of ONNX Runtime that BigQuery ML uses.

    python deploy/examples/bigquery-ml/predict.py --model model --input rows.jsonl --output predictions

Shows, without an account, that BigQuery ML can import the weights. Each output line holds an instance and its prediction.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from signature import read_signature  # noqa: E402


def main() -> None:
    """Reads instances, predicts them in one run, and writes the predictions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="model directory")
    parser.add_argument("--input", required=True, help="input file, one instance per line")
    parser.add_argument("--output", type=Path, required=True, help="output directory")
    options = parser.parse_args()
    signature = read_signature(options.model)
    rows = [json.loads(line) for line in Path(options.input).read_text(encoding="utf-8").splitlines()]
    columns = {name: [row[name] for row in rows] for name in signature.features}
    predictions = signature.predict(signature.open_session(), columns, len(rows))
    options.output.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"instance": row, "prediction": each}) for row, each in zip(rows, predictions)]
    (options.output / "predictions.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
