"""Loads a written model directory and repeats its samples, with Python's ONNX Runtime and with the endpoint's."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .answers import open_quietly
from .columns import MISSING, NUMPY_TYPES, Column, Unsupported
from .places import IS_CHECKOUT, PROJECT

CHECK = PROJECT / "dist" / "commands" / "model" / "main.js"
RUNTIME = PROJECT / "node_modules" / "onnxruntime-node"
USAGE_ERROR = 2
LONGEST_CHECK_SECONDS = 300
DEFAULT_TOLERANCE = 1e-6

Outputs = Sequence[NDArray[Any]]


class NotServed(UserWarning):
    """The endpoint's own runtime did not check the model."""


def find_obstacle() -> str | None:
    """Why the endpoint's own check cannot run here; None when it can."""
    if not IS_CHECKOUT:
        return "the packager is installed without it. In a checkout of the endpoint, run npm ci and npm run build"
    if shutil.which("node") is None:
        return "node is not on the PATH"
    if not RUNTIME.exists():
        return "node_modules is missing: run npm ci"
    return None if CHECK.exists() else "the build is missing: run npm run build"


def check_by_endpoint(directory: Path) -> str | None:
    """Runs the endpoint's check, or returns why it cannot run. Raises Unsupported with the faults that it finds."""
    obstacle = find_obstacle()
    if obstacle is not None:
        return obstacle
    command = [str(shutil.which("node")), str(CHECK), "check", str(directory), "--quick"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST_CHECK_SECONDS)
    if done.returncode == 0:
        return None
    if done.returncode == USAGE_ERROR:
        return "the build is out of date: run npm run build"
    faults = [line.removeprefix("FAULT ") for line in done.stdout.splitlines() if line.startswith("FAULT ")]
    raise Unsupported(f"the endpoint cannot serve this model: {'; '.join(faults) or done.stderr.strip()}")


def check_by_python(directory: Path, text: Column | None) -> None:
    """Repeats the samples as the endpoint does; each row must get the same answer alone, with others and in another order.

    `text` is the column that the endpoint's tokenizer reads, which Python's runtime has not.
    """
    card = json.loads((directory / "card.json").read_text(encoding="utf-8"))
    samples = json.loads((directory / "samples.json").read_text(encoding="utf-8"))["samples"]
    session = open_quietly((directory / "model.onnx").read_bytes())
    names = [output["name"] for output in card["outputs"]]
    tolerance = card.get("tolerance", DEFAULT_TOLERANCE)

    def run(instances: Sequence[Any]) -> Outputs:
        outputs = session.run(names, to_feeds(card, instances, text))
        for spec, output in zip(card["outputs"], outputs, strict=True):
            expected = [len(instances), *spec["shape"][1:]]
            if list(output.shape) != expected:
                raise Unsupported(f"the output {spec['name']} has the shape {list(output.shape)}: expected {expected}")
        return outputs

    instances = [sample["instance"] for sample in samples]
    together = run(instances)
    backwards = [output[::-1] for output in run(instances[::-1])]
    alone = [np.concatenate(parts) for parts in zip(*(run([instance]) for instance in instances), strict=True)]
    pair = run(instances[:2])
    for outputs in (backwards, alone, pair):
        require_same([output[: len(other)] for output, other in zip(together, outputs, strict=True)], outputs, tolerance)
    for row, sample in enumerate(samples):
        answer = to_prediction(card, [output[row : row + 1].ravel().tolist() for output in together])
        if not is_same(sample["prediction"], answer, tolerance):
            raise Unsupported(f"wrong answer for {sample['instance']}: expected {sample['prediction']}, got {answer}")


def to_feeds(card: Mapping[str, Any], instances: Sequence[Any], text: Column | None) -> dict[str, NDArray[Any]]:
    """Input tensors with the instances' values, as JSON carries them; ids of a text."""
    features = card["features"]
    rows = [each if isinstance(each, list) else [each[feature["name"]] for feature in features] for each in instances]
    feeds = {
        spec["name"]: np.empty([len(instances), *spec["shape"][1:]], NUMPY_TYPES[spec["datatype"]])
        for spec in card["inputs"]
        if -1 not in spec["shape"][1:]
    }
    for place, feature in enumerate(features):
        values = [row[place] for row in rows]
        if text is not None and text.words is not None and text.name == feature["name"]:
            feeds[feature["input"]] = text.words.to_ids(values)
            continue
        for row, value in enumerate(values):
            tensor = feeds[feature["input"]]
            missing = MISSING if tensor.dtype == np.object_ else np.nan
            tensor[row, feature["column"]] = missing if value is None else value
    return feeds


def require_same(expected: Outputs, actual: Outputs, tolerance: float) -> None:
    """Raises Unsupported if a row's answer depends on the other rows of its run."""
    for one, other in zip(expected, actual, strict=True):
        if one.dtype.kind == "f":
            distances = np.abs(one - other) / np.maximum(1.0, np.abs(one))
            is_good = bool((distances <= tolerance).all())
        else:
            is_good = bool((one == other).all())
        if not is_good:
            raise Unsupported(
                f"a row's answer depends on the other rows of its run, by more than {tolerance:g}: "
                "expected independent rows, because the endpoint joins rows of several callers"
            )


def to_prediction(card: Mapping[str, Any], outputs: Sequence[list[Any]]) -> dict[str, Any]:
    """One row's answer in the format of the endpoint's reply; `outputs` are the row's elements of each output."""
    if card["task"] == "tensors":
        return {spec["name"]: to_member(spec, elements) for spec, elements in zip(card["outputs"], outputs, strict=True)}
    by_role = dict(zip((output["role"] for output in card["outputs"]), outputs, strict=True))
    if "label" not in by_role:
        ((role, numbers),) = by_role.items()
        columns = card["outputs"][0].get("columns")
        if columns is not None:
            return {role: dict(zip(columns, numbers, strict=True))}
        return {role: numbers[0] if role == "value" and len(numbers) == 1 else numbers}
    labels, label = card["labels"], by_role["label"][0]
    known = labels if isinstance(label, str) else card.get("labelValues", range(len(labels)))
    answer: dict[str, Any] = {"label": dict(zip(known, labels, strict=True)).get(label)}
    if "probabilities" in by_role:
        answer["probabilities"] = dict(zip(labels, by_role["probabilities"], strict=True))
    return answer


def to_member(spec: Mapping[str, Any], elements: list[Any]) -> Any:
    """The row's element of an output, or its elements by the names of their columns."""
    return dict(zip(spec["columns"], elements, strict=True)) if "columns" in spec else elements[0]


def is_same(expected: Any, actual: Any, tolerance: float) -> bool:
    """Whether two values are equal, with a tolerance for numbers that is relative beyond 1."""
    if isinstance(expected, dict):
        return (
            isinstance(actual, dict)
            and expected.keys() == actual.keys()
            and all(is_same(expected[key], actual[key], tolerance) for key in expected)
        )
    if isinstance(expected, list):
        return (
            isinstance(actual, list)
            and len(expected) == len(actual)
            and all(is_same(one, other, tolerance) for one, other in zip(expected, actual, strict=True))
        )
    if isinstance(expected, int | float):
        return abs(actual - expected) <= tolerance * max(1.0, abs(expected))
    return bool(expected == actual)
