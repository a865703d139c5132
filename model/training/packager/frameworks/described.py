"""The card and the golden samples of a network, from what was compared and what its owner says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from card import DECIMALS
from json_files import round_number

from ..about import About, describe_owner
from ..columns import Unsupported
from ..description import describe_weights
from ..evaluation import measure_labels, measure_values
from ..public import OPEN, to_title
from ..serving import DEFAULT_TOLERANCE
from . import parity
from .network import Network, Reading, Tensors
from .rows import DATATYPES, Rows

DOES = {
    "classification": "Predicts a label",
    "regression": "Predicts a value",
    "embedding": "Makes a vector",
    "tensors": "Answers with tensors",
}


@dataclass(frozen=True)
class Options:
    """What `package_model` was called with, beside the network and its sample."""

    about: About | None
    feature_names: Sequence[str] | None
    targets: Any
    holdout: tuple[Any, Any] | None
    tolerance: float | None
    task: str | None
    outputs: str | None
    private: bool
    seed: int


def infer_about(network: Network, reading: Reading) -> About:
    """A name and title from the class of the network; the intended use is left open."""
    name, title = to_title(network.kind)
    return About(name, title, f"{DOES[reading.task]} with {network.kind} of {network.library}.", OPEN)


def create_card(
    network: Network,
    reading: Reading,
    weights: bytes,
    rows: Rows,
    checked: parity.Checked,
    about: About,
    options: Options,
    tolerance: float,
) -> dict[str, Any]:
    """The whole card, with its members in reading order."""
    described = rows.describe(about, is_private=options.private)
    names = [feature["name"] for feature in described["features"]]
    strange = [name for name in [*about.units, *about.descriptions] if name not in names]
    if strange:
        raise Unsupported(f"units and descriptions name the unknown feature {strange[0]!r}: expected {', '.join(names[:10])}")
    data = described["data"]
    if reading.labels is not None and options.targets is not None:
        places = to_places(options.targets, reading.labels, "targets")
        shares = [round_number((places == at).mean(), DECIMALS) for at in range(len(reading.labels))]
        data = {**data, "labelShares": dict(zip(reading.labels, shares, strict=True))}
    card = {
        "$schema": "./card.schema.json",
        **describe_owner(about),
        "task": reading.task,
        "weights": describe_weights(weights),
        "inputs": described["inputs"],
        "outputs": describe_outputs(reading, checked.answers, about),
        "features": described["features"],
        "labels": reading.labels,
        "tolerance": tolerance if tolerance != DEFAULT_TOLERANCE else None,
        "evaluation": None if options.holdout is None else evaluate(reading, options.holdout[1], checked.held_out),
        "data": data,
        "training": network.describe(),
    }
    return {key: value for key, value in card.items() if value is not None}


def describe_outputs(reading: Reading, answers: Tensors, about: About) -> list[dict[str, object]]:
    """The outputs with their roles in a prediction."""
    described = []
    for name, role in reading.roles.items():
        answer = answers[name]
        shape = [-1, *answer.shape[1:]] if role != "probabilities" else [-1, answer.shape[1]]
        dtype = "float32" if role == "probabilities" else answer.dtype.name
        if dtype not in DATATYPES:
            raise Unsupported(f"the output {name} has the dtype {dtype}: expected one of {', '.join(DATATYPES)}")
        columns = reading.columns or (about.value_names if role == "value" else None)
        entry = {"name": name, "datatype": DATATYPES[dtype], "shape": shape, "role": role}
        described.append({**entry, "columns": list(columns)} if columns else entry)
    return described


def to_places(targets: Any, labels: Sequence[str], title: str) -> NDArray[np.int64]:
    """The place of each target among the labels: targets are places or names."""
    found = np.asarray(targets)
    if found.ndim > 1:
        found = found.reshape(len(found), -1)[:, 0] if found.size == len(found) else found.argmax(axis=1)
    if found.dtype.kind in "iub" and found.min() >= 0 and found.max() < len(labels):
        return found.astype(np.int64)
    known = {name: place for place, name in enumerate(labels)}
    strange = next((each for each in found.tolist() if str(each) not in known), None)
    if strange is not None:
        raise Unsupported(f"{title} have {strange!r}: expected a label or its place, of {', '.join(labels[:10])}")
    return np.array([known[str(each)] for each in found.tolist()])


def evaluate(reading: Reading, targets: Any, answers: Tensors | None) -> dict[str, object] | None:
    """The card's evaluation, from the network's answers for the holdout."""
    if answers is None or reading.task not in ("classification", "regression"):
        raise Unsupported(f"a holdout evaluates labels or values: expected none for task={reading.task!r}")
    ((_, numbers),) = answers.items()
    flat = np.asarray(numbers, np.float64).reshape(len(numbers), -1)
    if reading.labels is not None:
        actual = to_places(targets, reading.labels, "the holdout's targets")
        measured = measure_labels(np.arange(len(reading.labels)), actual, flat.argmax(axis=1))
    else:
        actual = np.asarray(targets, np.float64)
        if actual.size != flat.size:
            raise Unsupported(f"the holdout has targets of the shape {actual.shape}: expected {flat.shape[1]} for each row")
        measured = measure_values(actual, flat)
    return {"method": "hold-out", "rows": len(actual), **measured}


def to_prediction(card: Mapping[str, Any], reading: Reading, answers: Tensors) -> dict[str, object]:
    """One answer in the format of the endpoint's reply."""
    if reading.task == "tensors":
        return {name: to_nested(each) for name, each in answers.items()}
    ((name, row),) = answers.items()
    role = reading.roles[name]
    numbers = [round_number(number) for number in np.asarray(row, np.float64).ravel().tolist()]
    if reading.labels is not None:
        label = reading.labels[int(np.argmax(np.ravel(row)))]
        return {"label": label, role: dict(zip(reading.labels, numbers, strict=True))}
    columns = card["outputs"][0].get("columns")
    if columns is not None:
        return {role: dict(zip(columns, numbers, strict=True))}
    return {role: numbers[0] if role == "value" and len(numbers) == 1 else numbers}


def to_nested(values: NDArray[Any]) -> Any:
    """A tensor as nested lists; integers and booleans as they are."""
    if values.dtype.kind != "f":
        return values.tolist()
    flat = [round_number(number) for number in values.astype(np.float64).ravel().tolist()]
    return np.array(flat, object).reshape(values.shape).tolist()
