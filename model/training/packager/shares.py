"""Shares of categories, labels and missing values, and the distribution of answers: what the endpoint measures drift against."""

from collections.abc import Set
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from card import DECIMALS, describe_column
from json_files import round_number

from .answers import Answers
from .columns import Column

# With the rest they are ten bins, as numbers have: more would show a drift by chance in a few hundred rows.
MOST_CATEGORIES = 9
# The endpoint says nothing of drift in fewer rows, so fewer are no baseline, either.
FEWEST_ROWS = 300
# Of a row; the schema takes no more.
MOST_VALUES = 100


def share_categories(column: Column, visible: Set[str]) -> dict[str, int | float]:
    """Shares of false and true, or of the most frequent strings that may be shown, as the weights get them."""
    if column.datatype == "BOOL":
        return {"false": share(~column.values), "true": share(column.values)}
    sent = pd.Series(np.where(column.is_missing, "", column.values), dtype=object)
    counts = sent.value_counts()
    # Equally frequent ones in the order of the alphabet, so that the card has the same bytes each time.
    ranked = sorted(((name, count) for name, count in counts.items() if name in visible), key=lambda entry: (-entry[1], entry[0]))[:MOST_CATEGORIES]
    return {str(name): round_number(count / len(sent), DECIMALS) for name, count in ranked}


def share(is_so: NDArray[np.bool_]) -> int | float:
    """The share of what is true, in the precision of cards."""
    return round_number(np.mean(is_so), DECIMALS)


def share_labels(labels: NDArray[Any], classes: NDArray[Any]) -> list[int | float]:
    """The share of each class."""
    return [share(labels.ravel() == each) for each in classes]


def describe_answers(answers: Answers, held_out: Answers | None) -> list[dict[str, object]] | None:
    """The distribution of each value of a regressor: over unseen rows if they are many, because on rows that it learned it spreads more."""
    chosen = held_out if held_out is not None and len(held_out.numbers) >= FEWEST_ROWS else answers
    if chosen.numbers.shape[1] > MOST_VALUES:
        return None
    return [describe_column(values) for values in chosen.numbers.T]
