"""Compares the converted weights with the estimator: on the given rows, on random rows, and on both sides of splits."""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import parity

from .about import About
from .answers import REFUSALS, Answer, Answers, Differences, compare, has_same_labels
from .columns import Columns, Unsupported
from .holdout import keep_served
from .margins import Margins
from .missing import show_value
from .picture import draw_difference
from .progress import tell
from .probes import draw_random, draw_splits
from .rounding import describe_rounding, find_rounded, is_only_rounded

SHOWN_FEATURES = 10
UNKNOWN = "a value that is none of the categories"
# With accept_splits, up to this share of the given rows may lie within a rounding error of a split.
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
    "Subtract an offset from the column or rescale it before fitting, "
    "or fit on float32 numbers, as from sample.astype('float32')"
)

Disagreement = parity.Disagreement


@dataclass(frozen=True)
class Agreement:
    """The sample's answers and which of its rows differ; largest differences and accepted shares by kind of rows."""

    answers: Answers
    is_off: NDArray[np.bool_]
    report: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """Two models to compare, and how close their answers must be."""

    expected: Answer
    actual: Answer
    columns: Columns
    tolerance: float
    accept_splits: bool
    margins: Margins | None = None

    def agree(
        self, answers: Answers, held_out: pd.DataFrame | None, held_out_answers: Answers | None, *, seed: int
    ) -> Agreement:
        """Compares on each kind of rows; raises Disagreement with the worst row of the first kind that differs.

        The answers are the estimator's. With `accept_splits`, rows next to a split may differ and are counted.
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
        tell("looking for values between which the answer changes")
        try:
            rows = draw_splits(self.expected, self.columns, random)
            expected = self.expected(rows) if len(rows) > 0 else answers.take(np.arange(0))
        except REFUSALS:
            # An estimator that rejects values between those of the sample has no splits to probe.
            return Agreement(answers, is_off, report)
        self.hold(SPLITS, rows, expected, report)
        return Agreement(answers, is_off, report)

    def hold(self, title: str, rows: pd.DataFrame, expected: Answers, report: dict[str, float]) -> NDArray[np.bool_]:
        """Adds the largest difference to the report; returns which rows differ, if that is accepted."""
        tell(f"comparing {len(rows)} {title}")
        actual = self.actual(rows) if len(rows) > 0 else expected
        differences = compare(expected, actual, self.tolerance)
        is_off = differences.is_off
        is_tied = title == SPLITS and self.is_tied(rows, expected, actual, is_off)
        if is_off.any() and not is_tied and not self.is_accepted(title, rows, actual, differences):
            picture = draw_difference(title, rows, self.columns.columns, differences, self.tolerance)
            raise Disagreement(self.describe(title, rows, expected, actual, differences), picture)
        report[title] = float(differences.deltas[~is_off].max(initial=0.0))
        if is_off.any() or (self.accept_splits and title == SPLITS):
            report[SHARES[title]] = float(is_off.mean()) if len(rows) > 0 else 0.0
        return is_off

    def is_tied(self, rows: pd.DataFrame, expected: Answers, actual: Answers, is_off: NDArray[np.bool_]) -> bool:
        """Whether float64 rows that differ have the answer of the next float64 number, and the estimator's scores tie there.

        Then only the order of its sums decides between the two. `expected` has one side of each split in its first half,
        and the other in its second.
        """
        places = np.flatnonzero(is_off)
        if self.margins is None or len(places) == 0:
            return False
        if any(column.datatype == "FP32" for column in self.columns.columns):
            return False
        if (self.margins(rows.iloc[places]) > self.tolerance).any():
            return False
        other = (places + len(rows) // 2) % len(rows)
        found, own, next_to = actual.take(places), expected.take(places), expected.take(other)
        takes_next = ~compare(next_to, found, self.tolerance).is_off
        if len(found.labels) > 0:
            # Probabilities do not change in steps: those of both sides are the same but for rounding.
            same_numbers = ~compare(replace(own, labels=found.labels), found, self.tolerance).is_off
            takes_next |= same_numbers & has_same_labels(found, next_to)
        return bool(takes_next.all())

    def is_accepted(self, title: str, rows: pd.DataFrame, actual: Answers, differences: Differences) -> bool:
        """Whether rows may differ: any next to a split; of the others a few, and only because of rounding."""
        if not self.accept_splits or title == SPLITS:
            return self.accept_splits
        return differences.is_off.mean() <= ACCEPTED_SHARE and self.is_only_rounded(rows, actual, differences)

    def is_only_rounded(self, rows: pd.DataFrame, actual: Answers, differences: Differences) -> bool:
        """Whether rounding to float32 explains every row that differs."""
        places = np.flatnonzero(differences.is_off)
        return is_only_rounded(self.expected, actual.take(places), rows.iloc[places], self.columns, self.tolerance)

    def describe(self, title: str, rows: pd.DataFrame, expected: Answers, actual: Answers, differences: Differences) -> str:
        """How many rows differ and by how much, the worst row with both answers, and the cause if known."""
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
            accept = "; or pass accept_splits=True, and the card states how many rows may differ" if few else ""
            return f"{describe_rounding(row, rounded)}. {found} {CURE}{accept}."
        if title == SPLITS:
            return f"{found} If rows next to a split may get the answer of its other side, pass accept_splits=True."
        return f"{found} Sums in float32 may need a larger tolerance; otherwise the converter does not support this model."


def require_finite(answers: Answers, columns: Columns) -> None:
    """Rejects NaN and infinity: JSON cannot represent them, so no caller could get such an answer."""
    strange = ~np.isfinite(answers.numbers).all(axis=1)
    if strange.any():
        row = int(np.argmax(strange))
        raise Unsupported(
            f"the estimator answers {show_row(columns.sample.iloc[[row]])} with {answers.show(row)}: "
            "expected finite numbers for every row of the sample, because JSON has no NaN or infinity"
        )


def show_row(row: pd.DataFrame) -> str:
    """The first features of a row, shape [1, features]."""
    features = row.shape[1]
    record = row.iloc[:, :SHOWN_FEATURES].to_dict("records")[0]
    shown = f"{{{', '.join(f'{name!r}: {show_value(value)}' for name, value in record.items())}}}"
    return shown if features <= SHOWN_FEATURES else f"{shown[:-1]}, …}} ({features} features)"


def takes_unknown(expected: Answer, actual: Answer, columns: Columns, name: str, tolerance: float) -> bool:
    """Whether both models accept a string that this column of the sample does not have, and agree."""
    rows = columns.sample.iloc[:100].copy()
    rows[name] = UNKNOWN
    try:
        return not compare(expected(rows), actual(rows), tolerance).is_off.any()
    except REFUSALS:
        return False


def with_report(about: About, report: dict[str, float]) -> About:
    """Adds to the card's limits where the weights may answer differently."""
    shares = {title: report.get(share, 0.0) for title, share in SHARES.items()}
    limits = [
        f"Within a rounding of the places where its answer changes, {share:.1%} of the {title} got the answer of the other side."
        for title, share in shares.items()
        if share > 0
    ]
    return replace(about, limits=[*about.limits, *limits])
