"""Shared by the examples: turns instances into input tensors and outputs into predictions, as the endpoint does."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

NUMPY_TYPES: dict[str, Any] = {
    "BOOL": np.bool_,
    "INT32": np.int32,
    "INT64": np.int64,
    "FP32": np.float32,
    "FP64": np.float64,
    "BYTES": np.object_,
}

Instance = Mapping[str, Any]
Prediction = dict[str, Any]


@dataclass(frozen=True)
class Signature:
    """The card of a model directory, with what a batch engine needs from it."""

    directory: Path
    card: Mapping[str, Any]

    @property
    def features(self) -> list[str]:
        """The names of the features."""
        return [feature["name"] for feature in self.card["features"]]

    def open_session(self) -> onnxruntime.InferenceSession:
        """A session on one core, because the engine runs a worker per core."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        path = str(self.directory / self.card["weights"]["file"])
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def to_inputs(self, columns: Mapping[str, Sequence[Any]], rows: int) -> dict[str, NDArray[Any]]:
        """Input tensors of shape [rows, ...] from a column of values per feature."""
        inputs = {}
        for spec in self.card["inputs"]:
            tensor = np.empty((rows, int(np.prod(spec["shape"][1:]))), NUMPY_TYPES[spec["datatype"]])
            for feature in self.card["features"]:
                if feature["input"] == spec["name"]:
                    tensor[:, feature["column"]] = columns[feature["name"]]
            inputs[spec["name"]] = tensor.reshape([rows, *spec["shape"][1:]])
        return inputs

    def predict(self, session: onnxruntime.InferenceSession, columns: Mapping[str, Any], rows: int) -> list[Prediction]:
        """Predicts all rows in one run; the predictions have the same members as the endpoint's."""
        names = [spec["name"] for spec in self.card["outputs"]]
        outputs = session.run(names, self.to_inputs(columns, rows))
        members = [self.to_members(spec, values) for spec, values in zip(self.card["outputs"], outputs, strict=True)]
        roles = [spec["role"] for spec in self.card["outputs"]]
        return [dict(zip(roles, row, strict=True)) for row in zip(*members, strict=True)]

    def to_members(self, spec: Mapping[str, Any], values: NDArray[Any]) -> list[Any]:
        """Each row of an output as the prediction's member for its role."""
        labels = self.card.get("labels", [])
        if spec["role"] == "label":
            known = self.card.get("labelValues")
            places = values.tolist() if known is None else [known.index(value) for value in values.tolist()]
            return [place if spec["datatype"] == "BYTES" else labels[place] for place in places]
        rows = values.reshape(len(values), -1).tolist()
        if spec["role"] in ("probabilities", "scores"):
            return [dict(zip(labels, row, strict=True)) for row in rows]
        return [row[0] if len(row) == 1 else row for row in rows]


def read_signature(directory: str | Path) -> Signature:
    """Reads the signature of a model directory."""
    path = Path(directory)
    return Signature(path, json.loads((path / "card.json").read_text(encoding="utf-8")))
