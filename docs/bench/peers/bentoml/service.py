"""BentoML and ONNX Runtime: a service class as its guide writes it, one worker, answers as the other peers give them."""

from pathlib import Path

import bentoml
import numpy as np
from onnxruntime import InferenceSession, SessionOptions

LABELS = ["setosa", "versicolor", "virginica"]
MODEL = Path(__file__).parents[4] / "model" / "model.onnx"


@bentoml.service(workers=1)
class Iris:
    def __init__(self):
        options = SessionOptions()
        # As in predict.cjs: threads of a pinned process fight over its one core.
        options.intra_op_num_threads = 1
        self.session = InferenceSession(MODEL, options, providers=["CPUExecutionProvider"])

    @bentoml.api
    def predict(self, instances: list[list[float]]) -> dict[str, list]:
        rows = np.array(instances, dtype=np.float32)
        labels, probabilities = self.session.run(["label", "probabilities"], {"X": rows})
        return {
            "predictions": [
                {"label": LABELS[label], "probabilities": dict(zip(LABELS, shares))}
                for label, shares in zip(labels.tolist(), probabilities.tolist())
            ]
        }
