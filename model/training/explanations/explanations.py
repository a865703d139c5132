"""Explains the served weights with shap's exact explainer; the endpoint's explanations must match."""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import shap
from numpy.typing import NDArray

MODEL = Path(__file__).resolve().parents[3] / "test/fixtures/models/iris"
EVERY = 15
DECIMALS = 9


def main() -> None:
    """Reads the command line and writes one explanation per line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="output file")
    out: Path = parser.parse_args().out
    lines = ",\n".join(json.dumps(each, separators=(",", ":")) for each in explain())
    out.write_text(f'{{"shap": "{shap.__version__}", "explanations": [\n{lines}\n]}}\n', encoding="utf-8")


def explain() -> list[dict[str, object]]:
    """Base values, shape [labels], and values, shape [features, labels], of every fifteenth sample."""
    card = read_json("card.json")
    instances = [sample["instance"] for sample in read_json("samples.json")["samples"]][::EVERY]
    predict = load_weights(card["weights"]["file"])
    background = np.array(card["data"]["background"], np.float64)
    masker = shap.maskers.Independent(background, max_samples=len(background))
    explainer = shap.explainers.Exact(predict, masker)
    found = explainer(np.array(instances, np.float64))
    return [
        {"instance": instance, "base": round_all(base), "values": round_all(values)}
        for instance, base, values in zip(instances, found.base_values, found.values, strict=True)
    ]


def load_weights(name: str) -> Any:
    """A function from rows, shape [n, features], to probabilities, shape [n, labels]."""
    session = onnxruntime.InferenceSession(MODEL / name, providers=["CPUExecutionProvider"])

    def predict(rows: NDArray[np.float64]) -> NDArray[np.float64]:
        feeds = {session.get_inputs()[0].name: rows.astype(np.float32)}
        return np.asarray(session.run(["probabilities"], feeds)[0], np.float64)

    return predict


def read_json(name: str) -> Any:
    """Reads a JSON file of the model."""
    return json.loads((MODEL / name).read_text(encoding="utf-8"))


def round_all(values: NDArray[np.float64]) -> Any:
    """Rounds away noise in the last digits and negative zeros."""
    return (np.round(values, DECIMALS) + 0.0).tolist()


if __name__ == "__main__":
    main()
