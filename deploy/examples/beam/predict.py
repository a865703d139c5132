"""Predicts lines of JSON with Apache Beam: every worker holds the weights once, and rows run in batches.

    python deploy/examples/beam/predict.py --model model --input rows.jsonl --output predictions

Lines of the input are instances as objects; lines of the output have the instance and its prediction. Any further option
is Beam's own, such as `--runner=DataflowRunner`.
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
    """Runs the instances of a batch at once, whatever inputs and outputs the card has."""

    def __init__(self, directory: str) -> None:
        super().__init__()
        self._signature = read_signature(directory)

    def load_model(self) -> onnxruntime.InferenceSession:
        """Once for each process of a worker."""
        return self._signature.open_session()

    def run_inference(
        self,
        batch: Sequence[dict[str, Any]],
        model: onnxruntime.InferenceSession,
        inference_args: dict[str, Any] | None = None,
    ) -> Iterable[PredictionResult]:
        """Instances to predictions, in order."""
        columns = {name: [instance[name] for instance in batch] for name in self._signature.features}
        predictions = self._signature.predict(model, columns, len(batch))
        return [PredictionResult(*pair) for pair in zip(batch, predictions, strict=True)]

    def batch_elements_kwargs(self) -> dict[str, int]:
        """Beam finds the size of a batch by itself, up to this."""
        return {"min_batch_size": 1, "max_batch_size": MOST_ROWS}


def to_line(result: PredictionResult) -> str:
    """An instance with its prediction."""
    return json.dumps({"instance": result.example, "prediction": result.inference})


def main() -> None:
    """Reads, predicts, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="model directory")
    parser.add_argument("--input", required=True, help="files with an instance a line")
    parser.add_argument("--output", required=True, help="beginning of the names of the files to write")
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
