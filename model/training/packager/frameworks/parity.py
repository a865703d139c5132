"""Compares the exported weights with the network: on the sample, on random rows, alone, and joined with others."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..agreement import Disagreement
from ..answers import FAILURES, first_line, open_quietly
from ..columns import Unsupported
from ..progress import tell
from .network import Network, Reading, Tensors, to_probabilities
from .rows import Rows

Ask = Callable[[Tensors], Tensors]

SAMPLE, HOLDOUT, RANDOM = "rows of the sample", "rows of the holdout", "random rows"
ALONE, JOINED = "rows alone", "rows joined in other runs"
RANDOM_ROWS = 1_000
FEWEST_ROWS = 8
SECONDS = 3.0
# Rows that run alone, and the sizes of runs that join rows.
SINGLES = 20
JOINS = (2, 3, 7)
SHOWN = 8
# A difference up to this many times the tolerance may be of float32.
ROUNDING = 1_000
LARGEST_TOLERANCE = 0.01


@dataclass(frozen=True)
class Checked:
    """The network's answers for the sample and the holdout, and the largest differences."""

    answers: Tensors
    held_out: Tensors | None
    report: dict[str, float] = field(default_factory=dict)


def ask_all(ask: Ask, rows: Rows, most: int | None = None) -> Tensors:
    """The answers for all rows, in their order, from runs of at most `most` rows."""
    found: Tensors = {}
    for places, feeds in rows.groups(most):
        for name, each in ask(feeds).items():
            wanted = found[name].shape[1:] if name in found else each.shape[1:]
            if each.shape != (len(places), *wanted):
                raise Unsupported(
                    f"the output {name} has the shape {list(each.shape)} for {len(places)} rows: "
                    f"expected {[len(places), *wanted]}, one entry for each row"
                )
            if name not in found:
                found[name] = np.empty((len(rows), *wanted), each.dtype)
            found[name][places] = each
    return found


def create_served(weights: bytes, names: list[str]) -> Ask:
    """ONNX Runtime as the endpoint runs it."""
    session = open_quietly(weights)

    def ask(feeds: Tensors) -> Tensors:
        try:
            return dict(zip(names, session.run(names, feeds), strict=True))
        except FAILURES as failure:
            raise Disagreement(f"ONNX Runtime rejects rows that the network takes: {first_line(failure)}") from failure

    return ask


def as_served(network: Network, reading: Reading) -> Ask:
    """The network's own answers, with what the reading adds to them."""

    def ask(feeds: Tensors) -> Tensors:
        found = network.ask(feeds)
        if "probabilities" not in reading.roles.values():
            return found
        return {name: to_probabilities(each, reading.activation) for name, each in found.items()}

    return ask


def check(
    network: Network, reading: Reading, weights: bytes, rows: Rows, held_out: Rows | None, *, tolerance: float, seed: int
) -> Checked:
    """Compares on each kind of rows; raises Disagreement with the worst row of the first kind that differs."""
    expected, served = as_served(network, reading), create_served(weights, list(reading.roles))
    random = np.random.default_rng(seed)
    report: dict[str, float] = {}
    started = time.monotonic()
    answers = ask_all(expected, rows)
    seconds = (time.monotonic() - started) / len(rows)

    def hold(title: str, some: Rows, wanted: Tensors, most: int | None = None) -> None:
        tell(f"comparing {len(some)} {title}")
        found = ask_all(served, some, most)
        deltas = measure(wanted, found)
        require_close(title, deltas, wanted, found, tolerance)
        report[title] = max(report.get(title, 0.0), float(deltas.max(initial=0.0)))

    hold(SAMPLE, rows, answers)
    held_out_answers = None if held_out is None else ask_all(expected, held_out)
    if held_out is not None and held_out_answers is not None:
        hold(HOLDOUT, held_out, held_out_answers)
    count = int(np.clip(SECONDS / max(seconds, 1e-6), FEWEST_ROWS, RANDOM_ROWS))
    strange = rows.draw(random, count)
    wanted = answer_strange(expected, strange, answers)
    if wanted is not None:
        hold(RANDOM, strange, wanted)
    order = random.permutation(len(rows))[: SINGLES * max(JOINS)]
    mixed, its = rows.take(order), {name: each[order] for name, each in answers.items()}
    few = min(SINGLES, len(order))
    hold(ALONE, mixed.take(np.arange(few)), take(its, few), 1)
    for most in JOINS:
        hold(JOINED, mixed, its, most)
    return Checked(answers, held_out_answers, report)


def check_raw(weights: bytes, rows: Rows, answers: Tensors, reading: Reading, tolerance: float) -> dict[str, float]:
    """Compares the network's own numbers for the sample, before they become probabilities."""
    title = f"{SAMPLE} before {reading.activation}"
    found = ask_all(create_served(weights, list(answers)), rows)
    deltas = measure(answers, found)
    require_close(title, deltas, answers, found, tolerance)
    return {title: float(deltas.max())}


def answer_strange(expected: Ask, rows: Rows, answers: Tensors) -> Tensors | None:
    """The answers for random rows; None for a network that does not take them, or has no finite answer."""
    try:
        found = ask_all(expected, rows)
    except Exception:
        return None
    is_usable = all(np.isfinite(np.asarray(each, np.float64)).all() for each in found.values())
    return found if is_usable and found.keys() == answers.keys() else None


def take(answers: Tensors, count: int) -> Tensors:
    """The first answers."""
    return {name: each[:count] for name, each in answers.items()}


def measure(expected: Tensors, actual: Tensors) -> NDArray[np.float64]:
    """The largest difference of each row, relative beyond 1; other integers and booleans are infinitely far."""
    deltas = []
    for name, wanted in expected.items():
        one = np.asarray(wanted, np.float64).reshape(len(wanted), -1)
        other = np.asarray(actual[name], np.float64).reshape(len(wanted), -1)
        if one.shape != other.shape:
            raise Disagreement(f"the weights answer {name} with {other.shape[1]} numbers a row: expected {one.shape[1]}")
        distances = np.abs(one - other) / np.maximum(1.0, np.abs(one))
        if np.asarray(wanted).dtype.kind != "f":
            distances = np.where(one == other, 0.0, np.inf)
        deltas.append(np.where(np.isnan(distances), np.inf, distances).max(axis=1, initial=0.0))
    return np.max(deltas, axis=0)


def is_clear(answers: Tensors, tolerance: float) -> NDArray[np.bool_]:
    """Which rows have a label that no rounding changes; all of them where none has."""
    ((_, numbers),) = answers.items()
    ordered = np.sort(np.asarray(numbers, np.float64).reshape(len(numbers), -1), axis=1)
    clear = ordered[:, -1] - ordered[:, -2] > 2 * tolerance
    return clear if clear.any() else np.ones(len(ordered), np.bool_)


def require_close(
    title: str, deltas: NDArray[np.float64], expected: Tensors, actual: Tensors, tolerance: float
) -> None:
    """Raises Disagreement with how many rows differ, by how much, the worst of them, and what to do."""
    is_off = deltas > tolerance
    if not is_off.any():
        return
    worst = int(np.argmax(deltas))
    name = max(expected, key=lambda each: measure({each: expected[each]}, {each: actual[each]})[worst])
    largest = float(deltas[worst])
    cure = (
        "The exporter writes something else than the network computes: export parts of it to find the layer, and report it"
        if largest > LARGEST_TOLERANCE or largest > ROUNDING * tolerance
        else f"The framework and ONNX Runtime add float32 numbers in another order, which deep networks enlarge: "
        f"pass tolerance={to_tolerance(largest):g}"
    )
    raise Disagreement(
        f"{is_off.sum()} of {len(deltas)} {title} differ by more than {tolerance:g}, by up to {largest:.3g}. "
        f"Worst: row {worst}, {name}: expected {show_row(expected[name][worst])}, got {show_row(actual[name][worst])}. {cure}."
    )


def to_tolerance(difference: float) -> float:
    """The next power of ten."""
    return float(10.0 ** np.ceil(np.log10(difference)))


def show_row(row: Any) -> str:
    """The first numbers of an answer."""
    numbers = np.asarray(row).ravel()
    shown = ", ".join(f"{float(number):.9g}" for number in numbers[:SHOWN])
    return f"[{shown}{', …' if len(numbers) > SHOWN else ''}]"
