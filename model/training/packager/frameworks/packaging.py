"""Packages a network: reads its sample, exports it, compares, and describes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from card import DECIMALS
from json_files import round_number

from ..about import About, describe_owner
from ..answers import first_line
from ..columns import Column, Unsupported
from ..description import describe_weights
from ..evaluation import measure_labels, measure_values
from ..progress import tell
from ..public import OPEN, SAMPLES, to_title
from ..serving import DEFAULT_TOLERANCE
from ..validity import require_card, require_members
from . import exported, parity, sample as samples
from .network import Network, Reading, Tensors
from .rows import DATATYPES, Rows
from .tasks import read_task, require_choices

# Sums of float32 in another order; deep networks may need more.
NETWORK_TOLERANCE = 1e-5
PIPELINE_ROWS = "answers of the pipeline itself"
EXAMPLE_ROWS = 3
FEWEST_SAMPLES = 3
# Numbers of all golden samples, so a file of pictures stays small.
SAMPLE_ELEMENTS = 200_000
ROLE_NAMES = {"probabilities": "probabilities", "scores": "scores", "value": "value", "embedding": "embedding"}
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


@dataclass(frozen=True)
class PackagedNetwork:
    """What is written, and what is said of it."""

    weights: bytes
    card: dict[str, Any]
    samples: list[dict[str, object]]
    text: Column | None
    report: dict[str, float]
    notes: list[str]


def package_network(network: Network, given: Any, options: Options) -> PackagedNetwork:
    """The weights, the card and the golden samples of a network that agrees with its weights."""
    require_choices(options.task, options.outputs)
    tolerance = NETWORK_TOLERANCE if options.tolerance is None else options.tolerance
    require_members({**({} if options.about is None else describe_owner(options.about)), "tolerance": tolerance})
    rows, answers = read_sample(network, given, options, tolerance)
    held_out = None if options.holdout is None else read_more(network, options.holdout, rows, options)
    require_targets(options.targets, rows, "targets")

    tell(f"exporting {network.kind} with {network.library}")
    # More than one row, since exporters take a size of 1 for a fixed one.
    feeds = rows.example(EXAMPLE_ROWS)
    model = exported.clean(network.export(feeds))
    exported.name_inputs(model, list(feeds))
    exported.name_outputs(model, list(answers))
    labels = None if options.about is None else options.about.labels
    reading = read_task(
        answers,
        lambda name: exported.find_activation(model, name),
        task=options.task or getattr(network, "task", None),
        outputs=options.outputs or network.outputs,
        labels=labels or network.labels,
        targets=options.targets,
    )
    reading = name_roles(model, reading, answers)
    weights = exported.finish(model, feeds, network.kind)
    renamed = Renamed(network, dict(zip(answers, reading.roles, strict=True)))
    checked = parity.check(renamed, reading, weights, rows, held_out, tolerance=tolerance, seed=options.seed)

    confirm(network, reading, rows, checked, tolerance)
    about = options.about or infer_about(network, reading)
    card = create_card(network, reading, weights, rows, checked, about, options, tolerance)
    require_card(card)
    shown, its = choose_samples(renamed, reading, rows, checked, options)
    written = [
        {"instance": instance, "prediction": to_prediction(card, reading, {name: each[at] for name, each in its.items()})}
        for at, instance in enumerate(shown.instances())
    ]
    return PackagedNetwork(weights, card, written, rows.text, checked.report, [*network.notes, *reading.notes])


def confirm(network: Any, reading: Reading, rows: Any, checked: parity.Checked, tolerance: float) -> None:
    """Compares a few answers with those of the pipeline that was given."""
    if not hasattr(network, "confirm"):
        return
    few = rows.take(np.arange(min(parity.SINGLES, len(rows))))
    wanted = network.confirm(few.texts, reading.labels or reading.columns)
    if wanted is not None:
        ((name, answers),) = checked.answers.items()
        found = {name: answers[: len(few)]}
        deltas = parity.measure({name: wanted}, found)
        parity.require_close(PIPELINE_ROWS, deltas, {name: wanted}, found, tolerance)
        checked.report[PIPELINE_ROWS] = float(deltas.max())


class Renamed:
    """A network whose outputs have the names of the card's."""

    def __init__(self, network: Network, names: Mapping[str, str]) -> None:
        self.network, self.names = network, names

    def ask(self, feeds: Tensors) -> Tensors:
        return {self.names[name]: each for name, each in self.network.ask(feeds).items()}


def read_sample(network: Any, given: Any, options: Options, tolerance: float) -> tuple[Rows, Tensors]:
    """The rows as the network takes them, with its answers: integers as they are, or else as floating-point numbers."""
    refusal: Exception | None = None
    for are_floats in (True,) if getattr(network, "takes_floats", False) else (False, True):
        if hasattr(network, "read_rows"):
            rows = network.read_rows(given)
        else:
            rows = samples.read_rows(given, options.feature_names, network.inputs, network.floats, are_floats=are_floats)
        try:
            tell(f"asking the network about {len(rows)} rows of the sample")
            return rows, parity.require_steady(network, rows, tolerance)
        except Unsupported:
            raise
        except Exception as failure:
            refusal = refusal or failure
    raise Unsupported(f"the network rejects the sample: {first_line(refusal)}. Expected rows like those of its training") from refusal


def read_more(network: Any, holdout: tuple[Any, Any], rows: Rows, options: Options) -> Rows:
    """The rows of the holdout, in the form of the sample's."""
    given, targets = holdout
    if hasattr(network, "read_rows"):
        found = network.read_rows(given)
    else:
        found = samples.read_rows(given, options.feature_names, network.inputs, network.floats)
        # As the sample was read: with integers as they are, or not.
        if type(found) is not type(rows) or dtypes_of(found) != dtypes_of(rows):
            found = samples.read_rows(given, options.feature_names, network.inputs, network.floats, are_floats=True)
    if type(found) is not type(rows) or found.elements != rows.elements:
        raise Unsupported("the holdout has other inputs than the sample: expected the same, in the same order")
    require_targets(targets, found, "the holdout's targets")
    return found


def dtypes_of(rows: Rows) -> list[Any]:
    """The dtypes of the tensors that rows become."""
    _, feeds = next(iter(rows.groups(1)))
    return [each.dtype for each in feeds.values()]


def require_targets(targets: Any, rows: Rows, title: str) -> None:
    """One target for each row."""
    if targets is not None and len(targets) != len(rows):
        raise Unsupported(f"expected {len(rows)} {title}, one for each row, got {len(targets)}")


def name_roles(model: Any, reading: Reading, answers: Tensors) -> Reading:
    """Gives the only output of a task the name of its role, and adds what makes probabilities."""
    if reading.task == "tensors":
        return reading
    ((name, role),) = reading.roles.items()
    exported.rename(model, {name: ROLE_NAMES[role]})
    named = Reading(reading.task, {ROLE_NAMES[role]: role}, reading.labels, reading.activation, reading.columns, reading.notes)
    if role == "probabilities":
        width = int(np.prod(answers[name].shape[1:], dtype=int))
        exported.add_probabilities(model, ROLE_NAMES[role], reading, width)
    return named


def infer_about(network: Network, reading: Reading) -> About:
    """A name and title from the class of the network; the intended use is left open."""
    name, title = to_title(network.kind)
    return About(name, title, f"{DOES[reading.task]} with {network.kind} of {network.library}.", OPEN)


def create_card(
    network: Network, reading: Reading, weights: bytes, rows: Rows, checked: parity.Checked, about: About, options: Options, tolerance: float
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


def choose_samples(
    network: Any, reading: Reading, rows: Rows, checked: parity.Checked, options: Options
) -> tuple[Rows, Tensors]:
    """Rows spread over the sample with the network's answers, or random rows; few of large ones."""
    most = int(np.clip(SAMPLE_ELEMENTS // rows.elements, FEWEST_SAMPLES, SAMPLES))
    expected = parity.as_served(network, reading)
    random = np.random.default_rng(options.seed + 1)
    if options.private:
        strange = rows.draw(random, most)
        found = parity.answer_strange(expected, strange, checked.answers)
        if found is None:
            raise Unsupported("private=True needs random rows as golden samples, and the network does not answer them")
        return strange, found
    places = np.flatnonzero(~checked.is_tied)
    places = places[:: max(1, len(places) // most)][:most]
    shown, answers = rows.take(places), {name: each[places] for name, each in checked.answers.items()}
    if rows.text is None:
        return shown, answers
    strange = rows.draw(random, 20)
    more = parity.ask_all(expected, strange)
    return shown.join(strange), {name: np.concatenate([each, more[name]]) for name, each in answers.items()}


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
