"""Loads a written model directory and repeats its samples, with Python's ONNX Runtime and with the endpoint's."""

import json
import math
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
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
# Networks also take and give these.
TENSOR_TYPES: dict[str, Any] = {**NUMPY_TYPES, "INT32": np.int32, "UINT8": np.uint8}

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
        found: list[Outputs] = [()] * len(instances)
        for places, feeds in join_alike([to_feeds(card, [instance], text) for instance in instances]):
            outputs = session.run(names, feeds)
            for spec, output in zip(card["outputs"], outputs, strict=True):
                expected = [len(places), *spec["shape"][1:]]
                if list(output.shape) != expected:
                    raise Unsupported(f"the output {spec['name']} has the shape {list(output.shape)}: expected {expected}")
            for row, place in enumerate(places):
                found[place] = [output[row : row + 1] for output in outputs]
        return [np.concatenate(parts) for parts in zip(*found, strict=True)]

    instances = [sample["instance"] for sample in samples]
    together = run(instances)
    backwards = [output[::-1] for output in run(instances[::-1])]
    alone = [np.concatenate(parts) for parts in zip(*(run([instance]) for instance in instances), strict=True)]
    pair = run(instances[:2])
    for outputs in (backwards, alone, pair):
        require_same([output[: len(other)] for output, other in zip(together, outputs, strict=True)], outputs, tolerance)
    for row, sample in enumerate(samples):
        answer = to_prediction(card, [output[row] for output in together])
        if not is_same(sample["prediction"], answer, tolerance):
            raise Unsupported(f"wrong answer for {sample['instance']}: expected {sample['prediction']}, got {answer}")


def join_alike(rows: Sequence[Mapping[str, NDArray[Any]]]) -> Iterator[tuple[list[int], dict[str, NDArray[Any]]]]:
    """Rows of equal sizes share a run, as in the endpoint: their places, and their tensors as one."""
    groups: dict[Any, list[int]] = {}
    for place, feeds in enumerate(rows):
        groups.setdefault(tuple(each.shape for each in feeds.values()), []).append(place)
    for places in groups.values():
        yield places, {name: np.concatenate([rows[place][name] for place in places]) for name in rows[places[0]]}


def to_feeds(card: Mapping[str, Any], instances: Sequence[Any], text: Column | None) -> dict[str, NDArray[Any]]:
    """Input tensors with the instances' values, as JSON carries them; ids of a text."""
    features = card["features"]
    rows = [each if isinstance(each, list) else [each[feature["name"]] for feature in features] for each in instances]
    feeds = {
        spec["name"]: np.empty([len(instances), *spec["shape"][1:]], TENSOR_TYPES[spec["datatype"]])
        for spec in card["inputs"]
        if -1 not in spec["shape"][1:]
    }
    for place, feature in enumerate(features):
        values = [row[place] for row in rows]
        if text is not None and text.words is not None and text.name == feature["name"]:
            feeds.update(text.words.to_feeds(feature["input"], values))
            continue
        tensor = feeds[feature["input"]].reshape(len(instances), -1)
        size = math.prod(feature.get("shape", []))
        for row, value in enumerate(values):
            missing = MISSING if tensor.dtype == np.object_ else np.nan
            tensor[row, feature["column"] : feature["column"] + size] = missing if value is None else np.ravel(value)
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


def to_prediction(card: Mapping[str, Any], outputs: Sequence[NDArray[Any]]) -> dict[str, Any]:
    """One row's answer in the format of the endpoint's reply; `outputs` are the row's part of each output."""
    if card["task"] == "tensors":
        return {spec["name"]: to_member(spec, output) for spec, output in zip(card["outputs"], outputs, strict=True)}
    flat = [np.ravel(output).tolist() for output in outputs]
    by_role = dict(zip((output["role"] for output in card["outputs"]), flat, strict=True))
    if "labels" not in card:
        ((role, numbers),) = by_role.items()
        columns = card["outputs"][0].get("columns")
        if columns is not None:
            return {role: dict(zip(columns, numbers, strict=True))}
        return {role: numbers[0] if role == "value" and len(numbers) == 1 else numbers}
    labels = card["labels"]
    answer: dict[str, Any] = {}
    if "label" in by_role:
        label = by_role["label"][0]
        known = labels if isinstance(label, str) else card.get("labelValues", range(len(labels)))
        answer["label"] = dict(zip(known, labels, strict=True)).get(label)
    for role in ("probabilities", "scores"):
        if role in by_role:
            answer.setdefault("label", labels[int(np.argmax(by_role[role]))])
            answer[role] = dict(zip(labels, by_role[role], strict=True))
    return answer


def to_member(spec: Mapping[str, Any], output: NDArray[Any]) -> Any:
    """The row's part of an output, or its elements by the names of their columns."""
    return dict(zip(spec["columns"], np.ravel(output).tolist(), strict=True)) if "columns" in spec else np.asarray(output).tolist()


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
