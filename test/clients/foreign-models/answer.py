"""Completes a drafted model directory: samples of drawn instances with the answers of Python's runtime, each alone.

Usage: answer.py DIRECTORY CHOICES, where CHOICES is JSON: sizes of inputs for each instance, ranges of integers, values of
constants, inputs that hold the length of another, members of the card, and how many instances to draw.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from onnxruntime import InferenceSession, SessionOptions

DATATYPES = {"FP16": np.float16, "FP32": np.float32, "FP64": np.float64, "INT32": np.int32, "INT64": np.int64, "UINT8": np.uint8}
SEED = 5
INSTANCES = 4


def main(directory: Path, choices: dict[str, Any]) -> None:
    """Writes card.json and samples.json."""
    card = json.loads((directory / "card.json").read_text(encoding="utf-8").replace("TODO", "Done"))
    for tensor in card["inputs"]:
        if tensor["name"] in choices.get("constants", {}):
            tensor["value"] = choices["constants"][tensor["name"]]
    card["features"] = [each for each in card["features"] if each["input"] not in choices.get("constants", {})]
    card.update(choices.get("card", {}))
    session = open_session(directory / card["weights"]["file"])
    random = np.random.default_rng(SEED)
    count = choices.get("instances", INSTANCES)
    samples = [create_sample(session, card, choices, random, place) for place in range(count)]
    (directory / "card.json").write_text(json.dumps(card), encoding="utf-8")
    (directory / "samples.json").write_text(json.dumps({"samples": samples}), encoding="utf-8")


def open_session(path: Path) -> InferenceSession:
    """One thread, as the server has."""
    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def create_sample(session: InferenceSession, card: dict[str, Any], choices: dict[str, Any], random: Any, place: int) -> Any:
    """An instance as callers send it, and its prediction."""
    single = card.get("runs") == "single"
    drawn = {tensor["name"]: draw(tensor, choices, random, place, single=single) for tensor in card["inputs"]}
    for name, other in choices.get("lengths", {}).items():
        drawn[name] = np.full_like(drawn[name], drawn[other].shape[-1])
    feeds = {name: value if single or name in choices.get("constants", {}) else value[np.newaxis] for name, value in drawn.items()}
    outputs = card["outputs"]
    results = session.run([output["name"] for output in outputs], feeds)
    instance = [to_value(feature, drawn[feature["input"]]) for feature in card["features"]]
    answers = [np.asarray(result) if single else np.asarray(result)[0] for result in results]
    members = {
        output["name"] if output["role"] == "tensor" else output["role"]: to_json(answer)
        for output, answer in zip(outputs, answers, strict=True)
    }
    if card["task"] == "regression":
        members = {"value": answers[0].reshape(-1)[0].item()}
    return {"instance": instance, "prediction": members}


def draw(tensor: dict[str, Any], choices: dict[str, Any], random: Any, place: int, *, single: bool) -> Any:
    """The tensor of one instance."""
    name, datatype = tensor["name"], DATATYPES[tensor["datatype"]]
    if "value" in tensor:
        return np.array(tensor["value"], datatype)
    shape = tensor["shape"] if single else tensor["shape"][1:]
    chosen = iter(choices.get("sizes", {}).get(name, [[]])[place % len(choices.get("sizes", {}).get(name, [[]]))])
    sizes = [next(chosen) if size == -1 else size for size in shape]
    if np.issubdtype(datatype, np.integer):
        low, high = choices.get("ranges", {}).get(name, [0, 2])
        return random.integers(low, high, size=sizes).astype(datatype)
    return np.round(random.uniform(-1, 1, size=sizes), 2).astype(datatype)


def to_value(feature: dict[str, Any], value: Any) -> Any:
    """The part of its input that a feature is, as nested lists; the numbers that JSON had before they were rounded."""
    numbers = np.round(value.astype(np.float64), 2) if np.issubdtype(value.dtype, np.floating) else value
    if "shape" not in feature:
        return numbers.reshape(-1)[feature["column"]].item()
    sizes = numbers.shape[numbers.ndim - len(feature["shape"]) :]
    return numbers.reshape(sizes).tolist()


def to_json(answer: Any) -> Any:
    """JSON has neither NaN nor infinity: the server writes null."""
    if np.issubdtype(answer.dtype, np.floating):
        return np.where(np.isfinite(answer), answer.astype(object), None).tolist()
    return answer.tolist()


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
