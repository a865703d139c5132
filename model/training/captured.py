"""Reads what `npm run loop -- rows` writes: rows that callers asked for, with what really happened."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import iris


class Unusable(Exception):
    """The file is not one that a training can learn from."""


@dataclass(frozen=True)
class Captured:
    """
    Rows for training in the order of their values, the number of each version, first and last day.

    `held_out` counts the rows that were kept from training, `outvoted` those whose values have another label more often.
    """

    rows: iris.Rows
    held_out: int
    outvoted: int
    versions: dict[str, int]
    days: tuple[str, str]


@dataclass(frozen=True)
class Told:
    """One row with what feedback said of it."""

    values: tuple[float, ...]
    label: int
    version: str
    day: str


def read_captured(path: Path, features: list[str], *, own: iris.Rows, unseen: iris.Rows) -> Captured:
    """
    The rows of the file, whatever its order, but for those that equal one of `unseen`: a hold-out that training saw shows nothing.

    Raises Unusable when one is not of these features and labels.
    """
    # Not splitlines: a text in JSON may hold what Unicode calls the end of a line.
    with path.open(encoding="utf-8", newline="\n") as lines:
        records = [parse(line, number) for number, line in enumerate(lines, 1)]
    told = [to_told(record, features) for record in records if record["use"] == "training"]
    kept_from = set(to_keys(unseen))
    seen = [row for row in told if to_key(row.values) not in kept_from]
    rows = sorted(agree(seen, own), key=lambda row: (row.values, row.label))
    if not rows:
        raise Unusable("no captured row with feedback is for training: send feedback first (docs/guides/loop.md)")
    days = sorted(row.day for row in rows)
    return Captured(
        rows=iris.Rows(np.array([row.values for row in rows]), np.array([row.label for row in rows])),
        held_out=len(records) - len(seen),
        outvoted=len(seen) - len(rows),
        versions=dict(sorted(Counter(row.version for row in rows).items())),
        days=(days[0], days[-1]),
    )


def agree(rows: list[Told], own: iris.Rows) -> list[Told]:
    """
    The rows whose values have one label, or this label more often than each other; the trainer's own rows decide over callers'.

    So every leaf of a fully grown forest votes for one label, and votes add up without rounding (export.py).
    """
    decided = dict(zip(to_keys(own), own.labels.tolist(), strict=True))
    votes: dict[tuple[float, ...], Counter[int]] = {}
    for row in rows:
        votes.setdefault(to_key(row.values), Counter())[row.label] += 1
    for key, counter in votes.items():
        (label, most), *others = counter.most_common(2)
        if key not in decided and (not others or others[0][1] < most):
            decided[key] = label
    return [row for row in rows if decided.get(to_key(row.values)) == row.label]


def to_keys(rows: iris.Rows) -> list[tuple[float, ...]]:
    """Of each row."""
    return [to_key(values) for values in rows.features.tolist()]


def to_key(values: Sequence[float]) -> tuple[float, ...]:
    """The values as the model reads them."""
    return tuple(np.array(values, np.float32).tolist())


def parse(line: str, number: int) -> dict[str, Any]:
    """One line; its members are those that the command writes."""
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise Unusable(f"line {number}: expected JSON, got {line[:80]!r}") from error
    if not isinstance(record, dict) or not {"instance", "truth", "use", "version", "day"} <= record.keys():
        raise Unusable(f"line {number}: expected a row of `npm run loop -- rows`, got {line[:80]!r}")
    return record


def to_told(record: dict[str, Any], features: list[str]) -> Told:
    """The values in the order of the features, and the index of the label."""
    instance, truth = record["instance"], record["truth"]
    if not isinstance(instance, dict) or sorted(instance) != sorted(features):
        raise Unusable(f"expected rows with the features {', '.join(features)}, got {json.dumps(instance)[:200]}")
    if truth not in iris.LABELS:
        raise Unusable(f"expected one of the labels {', '.join(iris.LABELS)}, got {json.dumps(truth)[:80]}")
    values = tuple(instance[name] for name in features)
    if not all(is_number(value) for value in values):
        raise Unusable(f"expected numbers that a float32 holds, got {json.dumps(values)[:200]}")
    return Told(tuple(map(float, values)), iris.LABELS.index(truth), str(record["version"]), str(record["day"]))


def is_number(value: object) -> bool:
    """Whether the model can read it."""
    return isinstance(value, (int, float)) and abs(value) <= float(np.finfo(np.float32).max)


def join(first: iris.Rows, second: iris.Rows) -> iris.Rows:
    """The rows of both, those of the first before."""
    return iris.Rows(
        np.concatenate([first.features, second.features]), np.concatenate([first.labels, second.labels])
    )
