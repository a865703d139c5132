"""Predicts JSON Lines with Apache Beam: each worker process loads the weights once and runs rows in batches.

    python deploy/examples/beam/predict.py --model model --input rows.jsonl --output predictions

Each input line is an instance as an object; each output line holds the instance and its prediction. Other options are
passed to Beam, such as `--runner=DataflowRunner`.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import apache_beam as beam
import onnxruntime
from apache_beam.ml.inference.base import ModelHandler, PredictionResult, RunInference
from apache_beam.options.pipeline_options import PipelineOptions

sys.path.insert(0, str(Path(__file__).parents[1]))

from signature import read_signature  # noqa: E402

MOST_ROWS = 10_000


class SignatureHandler(ModelHandler[dict[str, Any], PredictionResult, onnxruntime.InferenceSession]):
    """Runs a batch of instances at once, for any inputs and outputs in the card."""

    def __init__(self, directory: str) -> None:
        super().__init__()
        self._signature = read_signature(directory)

    def load_model(self) -> onnxruntime.InferenceSession:
        """Opens a session, once per worker process."""
        return self._signature.open_session()

    def run_inference(
        self,
        batch: Sequence[dict[str, Any]],
        model: onnxruntime.InferenceSession,
        inference_args: dict[str, Any] | None = None,
    ) -> Iterable[PredictionResult]:
        """Predictions for a batch of instances, in order."""
        columns = {name: [instance[name] for instance in batch] for name in self._signature.features}
        predictions = self._signature.predict(model, columns, len(batch))
        return [PredictionResult(*pair) for pair in zip(batch, predictions, strict=True)]

    def batch_elements_kwargs(self) -> dict[str, int]:
        """Beam chooses the batch size, up to this limit."""
        return {"min_batch_size": 1, "max_batch_size": MOST_ROWS}


def to_line(result: PredictionResult) -> str:
    """An output line: an instance with its prediction."""
    return json.dumps({"instance": result.example, "prediction": result.inference})


def main() -> None:
    """Reads instances, predicts, and writes the predictions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="model directory")
    parser.add_argument("--input", required=True, help="input files, one instance per line")
    parser.add_argument("--output", required=True, help="prefix of the output files")
    known, others = parser.parse_known_args()
    with beam.Pipeline(options=PipelineOptions(others, save_main_session=True)) as pipeline:
        _ = (
            pipeline
            | beam.io.ReadFromText(known.input)
            | beam.Map(json.loads)
            | RunInference(SignatureHandler(known.model))
            | beam.Map(to_line)
            | beam.io.WriteToText(known.output, file_name_suffix=".jsonl")
        )


if __name__ == "__main__":
    main()
