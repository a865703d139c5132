"""FastAPI and ONNX Runtime, the handler as tutorials write it: a dictionary is returned, no type is declared for it."""

from pathlib import Path

import numpy as np
from fastapi import FastAPI
from onnxruntime import InferenceSession, SessionOptions
from pydantic import BaseModel

LABELS = ["setosa", "versicolor", "virginica"]
MODEL = Path(__file__).parents[3] / "model" / "model.onnx"

app = FastAPI()
# As in predict.cjs: threads of a pinned process fight over its one core.
options = SessionOptions()
options.intra_op_num_threads = 1
session = InferenceSession(MODEL, options, providers=["CPUExecutionProvider"])


class Instances(BaseModel):
    instances: list[list[float]]


@app.post("/predict")
async def predict(body: Instances):
    rows = np.array(body.instances, dtype=np.float32)
    labels, probabilities = session.run(["label", "probabilities"], {"X": rows})
    return {
        "predictions": [
            {"label": LABELS[label], "probabilities": dict(zip(LABELS, shares))}
            for label, shares in zip(labels.tolist(), probabilities.tolist())
        ]
    }
