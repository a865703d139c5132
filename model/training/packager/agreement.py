"""Holds the converted weights against the estimator: on the rows given, on random ones, and on both sides of its splits."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import parity

from .answers import REFUSALS, Answer, Answers, Differences, compare
from .columns import Columns, Unsupported
from .holdout import keep_served
from .probes import draw_random, draw_splits
from .rounding import describe_rounding, find_rounded, is_only_rounded

SHOWN_FEATURES = 10
UNKNOWN = "a value that is none of the categories"
# With accept_splits, so many of the rows given may lie within a rounding of a split.
ACCEPTED_SHARE = 0.01
SAMPLE, HOLDOUT = "rows of the sample", "rows of the holdout"
RANDOM, SPLITS = "random rows", "rows beside a split"
SHARES = {
    SAMPLE: "share of the sample that differs",
    HOLDOUT: "share of the holdout that differs",
    RANDOM: "share of the random rows that differs",
    SPLITS: "share beside a split that differs",
}
CURE = (
    "Subtract an offset from the column, or rescale it, before fitting; or fit on numbers that float32 holds, "
    "as sample.astype('float32') gives"
)

Disagreement = parity.Disagreement


@dataclass(frozen=True)
class Agreement:
    """Largest differences and accepted shares by kind of rows; the sample's answers, and which of its rows may be shown."""

    answers: Answers
    is_off: NDArray[np.bool_]
    report: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """Two models and how close they must be."""

    expected: Answer
    actual: Answer
    columns: Columns
    tolerance: float
    accept_splits: bool

    def agree(
        self, answers: Answers, held_out: pd.DataFrame | None, held_out_answers: Answers | None, *, seed: int
    ) -> Agreement:
        """Compares on each kind of rows; raises Disagreement with the worst row of the first kind that is off.

        The answers are the estimator's. With `accept_splits` rows beside a split may differ: they are counted.
        """
        random = np.random.default_rng(seed)
        report: dict[str, float] = {}
        is_off = self.hold(SAMPLE, self.columns.sample, answers, report)
        if held_out is not None and held_out_answers is not None:
            places = keep_served(self.columns, held_out)
            self.hold(HOLDOUT, held_out.iloc[places], held_out_answers.take(places), report)
        rows = draw_random(self.expected, self.columns, random)
        if len(rows) > 0:
            self.hold(RANDOM, rows, self.expected(rows), report)
        try:
            rows = draw_splits(self.expected, self.columns, random)
            expected = self.expected(rows) if len(rows) > 0 else answers.take(np.arange(0))
        except REFUSALS:
            # An estimator that refuses values between those of the sample has no splits to look for.
            return Agreement(answers, is_off, report)
        self.hold(SPLITS, rows, expected, report)
        return Agreement(answers, is_off, report)

    def hold(self, title: str, rows: pd.DataFrame, expected: Answers, report: dict[str, float]) -> NDArray[np.bool_]:
        """Notes the largest difference in the report and gives back which rows are off, where that is accepted."""
        actual = self.actual(rows) if len(rows) > 0 else expected
        differences = compare(expected, actual, self.tolerance)
        is_off = differences.is_off
        if is_off.any() and not self.is_accepted(title, rows, actual, differences):
            raise Disagreement(self.describe(title, rows, expected, actual, differences))
        report[title] = float(differences.deltas[~is_off].max(initial=0.0))
        if self.accept_splits and (title == SPLITS or is_off.any()):
            report[SHARES[title]] = float(is_off.mean()) if len(rows) > 0 else 0.0
        return is_off

    def is_accepted(self, title: str, rows: pd.DataFrame, actual: Answers, differences: Differences) -> bool:
        """Whether rows may be off: beside a split any, of others a few and by nothing but rounding."""
        if not self.accept_splits or title == SPLITS:
            return self.accept_splits
        return differences.is_off.mean() <= ACCEPTED_SHARE and self.is_only_rounded(rows, actual, differences)

    def is_only_rounded(self, rows: pd.DataFrame, actual: Answers, differences: Differences) -> bool:
        """Whether all rows that are off are so because float32 rounds them."""
        places = np.flatnonzero(differences.is_off)
        return is_only_rounded(self.expected, actual.take(places), rows.iloc[places], self.columns, self.tolerance)

    def describe(self, title: str, rows: pd.DataFrame, expected: Answers, actual: Answers, differences: Differences) -> str:
        """How many rows are off, by how much, the worst of them with both answers, and why where that is known."""
        worst = differences.worst
        row = rows.iloc[[worst]]
        found = (
            f"{differences.is_off.sum()} of {len(rows)} {title} differ by more than {self.tolerance:g}, "
            f"by up to {differences.deltas[worst]:.3g}. Worst: {show_row(row)}: "
            f"expected {expected.show(worst)}, got {actual.show(worst)}."
        )
        rounded = [] if title == SPLITS else find_rounded(self.expected, row, self.columns, self.tolerance)
        if rounded:
            few = differences.is_off.mean() <= ACCEPTED_SHARE and self.is_only_rounded(rows, actual, differences)
            accept = "; or say accept_splits=True, and the card tells how many rows may differ" if few else ""
            return f"{describe_rounding(row, rounded)}. {found} {CURE}{accept}."
        if title == SPLITS:
            return f"{found} Where the sides of a split may change places, say accept_splits=True."
        return f"{found} A larger tolerance may do for sums in float32; else the converter does not know this model."


def require_finite(answers: Answers, columns: Columns) -> None:
    """JSON cannot carry NaN or infinity, so that no caller could get such an answer."""
    strange = ~np.isfinite(answers.numbers).all(axis=1)
    if strange.any():
        row = int(np.argmax(strange))
        raise Unsupported(
            f"the estimator answers {answers.show(row)} to {show_row(columns.sample.iloc[[row]])}: "
            "expected finite numbers for every row of the sample, because JSON has no others"
        )


def show_row(row: pd.DataFrame) -> str:
    """The first features of a row, shape [1, features]."""
    features = row.shape[1]
    shown = str(row.iloc[:, :SHOWN_FEATURES].to_dict("records")[0])
    return shown if features <= SHOWN_FEATURES else f"{shown[:-1]}, …}} ({features} features)"


def takes_unknown(expected: Answer, actual: Answer, columns: Columns, name: str, tolerance: float) -> bool:
    """Whether both models take a string that the sample does not have in this column, and answer alike."""
    rows = columns.sample.iloc[:100].copy()
    rows[name] = UNKNOWN
    try:
        return not compare(expected(rows), actual(rows), tolerance).is_off.any()
    except REFUSALS:
        return False
