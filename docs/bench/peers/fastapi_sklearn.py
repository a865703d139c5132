"""FastAPI and scikit-learn: the stack that most tutorials end with. FOREST names the file that train_forest.py wrote."""

import os

import joblib
import numpy as np
from fastapi import FastAPI
from pydantic import BaseModel

LABELS = ["setosa", "versicolor", "virginica"]

app = FastAPI()
forest = joblib.load(os.environ["FOREST"])


class Instances(BaseModel):
    instances: list[list[float]]


@app.post("/predict")
async def predict(body: Instances) -> dict[str, list]:
    probabilities = forest.predict_proba(np.array(body.instances))
    return {
        "predictions": [
            {"label": LABELS[label], "probabilities": dict(zip(LABELS, shares))}
            for label, shares in zip(probabilities.argmax(axis=1).tolist(), probabilities.tolist())
        ]
    }
