"""Packages a network: reads its sample, exports it, compares, and describes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx

from ..about import describe_owner
from ..answers import first_line
from ..columns import Column, Unsupported
from ..progress import tell
from ..public import SAMPLES, STRANGE
from ..validity import require_card, require_members
from . import exported, parity, sample as samples
from .described import Options, create_card, infer_about, to_prediction
from .network import Network, Reading, Tensors
from .rows import Rows
from .steadiness import require_steady
from .table_rows import Table
from .tasks import read_task, require_choices

# Sums of float32 in another order; deep networks may need more.
NETWORK_TOLERANCE = 1e-5
PIPELINE_ROWS = "answers of the pipeline itself"
EXAMPLE_ROWS = 3
FEWEST_SAMPLES = 3
# Numbers of all golden samples, so a file of pictures stays small.
SAMPLE_ELEMENTS = 200_000
ROLE_NAMES = {"probabilities": "probabilities", "scores": "scores", "value": "value", "embedding": "embedding"}


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
    if options.feature_names is not None and not isinstance(rows, Table):
        raise Unsupported("feature_names name columns of numbers, and the sample has none: pass a dict to name inputs")

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
    before: dict[str, float] = {}
    if reading.activation is not None:
        # Shares of many classes are small, so a wrong logit hides among them.
        raw = onnx.ModelProto()
        raw.CopyFrom(model)
        before = parity.check_raw(exported.finish(raw, feeds, network.kind), rows, answers, reading, tolerance)
    reading = name_roles(model, reading, answers)
    weights = exported.finish(model, feeds, network.kind)
    renamed = Renamed(network, dict(zip(answers, reading.roles, strict=True)))
    checked = parity.check(renamed, reading, weights, rows, held_out, tolerance=tolerance, seed=options.seed)

    confirm(network, reading, rows, checked, tolerance)
    about = options.about or infer_about(network, reading)
    card = create_card(network, reading, weights, rows, checked, about, options, tolerance)
    require_card(card)
    shown, its = choose_samples(renamed, reading, rows, checked, options, tolerance)
    written = [
        {"instance": instance, "prediction": to_prediction(card, reading, {name: each[at] for name, each in its.items()})}
        for at, instance in enumerate(shown.instances())
    ]
    notes = [*network.notes, *reading.notes]
    if parity.RANDOM not in checked.report:
        notes.append("the network does not answer random rows, so the sample's alone were compared")
    return PackagedNetwork(weights, card, written, rows.text, {**before, **checked.report}, notes)


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
            return rows, require_steady(network, rows, tolerance)
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


def choose_samples(
    network: Any, reading: Reading, rows: Rows, checked: parity.Checked, options: Options, tolerance: float
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
        clear = np.flatnonzero(parity.is_clear(found, tolerance)) if reading.task == "classification" else np.arange(len(strange))
        return strange.take(clear), {name: each[clear] for name, each in found.items()}
    is_labelled = reading.task == "classification"
    places = np.flatnonzero(parity.is_clear(checked.answers, tolerance)) if is_labelled else np.arange(len(rows))
    places = places[:: max(1, len(places) // most)][:most]
    shown, answers = rows.take(places), {name: each[places] for name, each in checked.answers.items()}
    if rows.text is None:
        return shown, answers
    strange = rows.draw(random, STRANGE)
    more = parity.ask_all(expected, strange)
    if is_labelled:
        clear = np.flatnonzero(parity.is_clear(more, tolerance))
        strange, more = strange.take(clear), {name: each[clear] for name, each in more.items()}
    return shown.join(strange), {name: np.concatenate([each, more[name]]) for name, each in answers.items()}
