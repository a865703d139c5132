"""What an owner leaves open, and what of the training data the endpoint will show to its callers."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .about import About, Packaged, Task
from .agreement import Agreement
from .answers import Answer, Answers, compare, has_same_labels, join
from .boosting import last_step
from .columns import Column, Columns, Unsupported
from .estimator import ask
from .holdout import keep_served, read_like
from .probes import RANDOM_ROWS, draw_column, draw_random, is_taken

SAMPLES = 60
STRANGE = 20
# What stands for a string that is not shown.
MADE_UP = "example"
OPEN = "To be completed by the owner."
DOES = {
    "classification": "Predicts a label",
    "regression": "Predicts a value",
    "embedding": "Transforms a row",
    "tensors": "Predicts several labels",
}


def infer_about(estimator: Any, task: Task) -> About:
    """A name and title from the estimator's class; the intended use is left open."""
    kind = type(last_step(estimator)).__name__
    return About(*to_title(kind), f"{DOES[task]} with {kind}.", OPEN)


def to_title(kind: str) -> tuple[str, str]:
    """A name for paths and a title for readers, from the name of a class."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", kind)
    return words.lower().replace(" ", "-"), words.capitalize()


def read_public(columns: Columns, given: Any) -> pd.DataFrame:
    """Rows that may be shown, as far as the endpoint will accept them."""
    rows = read_like(columns, given, "public_rows")
    rows = rows.iloc[keep_served(columns, rows)]
    if len(rows) == 0:
        raise Unsupported("public_rows has no row that the endpoint will accept: expected rows with values like the sample's")
    return rows


def choose_shown(
    packaged: Packaged, agreement: Agreement, answer: Answer, answer_served: Answer, seed: int
) -> tuple[Answers, pd.DataFrame]:
    """The rows of the golden samples, with the estimator's answers."""
    columns = packaged.columns
    if packaged.shown is not None:
        return choose_given(answer, answer_served, packaged.shown, packaged.tolerance)
    if packaged.is_private:
        return draw_shown(answer, answer_served, columns, packaged.unknown, seed)
    shown = choose_samples(agreement, columns)
    return shown if columns.text is None else with_strange_texts(shown, answer, columns, seed)


def choose_samples(agreement: Agreement, columns: Columns) -> tuple[Answers, pd.DataFrame]:
    """Rows spread over those of the sample on which weights and estimator agree, with the estimator's answers."""
    places = np.flatnonzero(~agreement.is_off)
    places = places[:: max(1, len(places) // SAMPLES)][:SAMPLES]
    return agreement.answers.take(places), columns.sample.iloc[places]


def with_strange_texts(
    shown: tuple[Answers, pd.DataFrame], answer: Answer, columns: Columns, seed: int
) -> tuple[Answers, pd.DataFrame]:
    """Adds random texts: golden samples prove that the endpoint's tokenizer splits them as Python does."""
    answers, rows = shown
    random = np.random.default_rng(seed + 2)
    strange = draw_random(answer, columns, random).iloc[:STRANGE]
    return join([answers, answer(strange)]), pd.concat([rows, strange], ignore_index=True)


def draw_shown(
    answer: Answer, answer_served: Answer, columns: Columns, unknown: Mapping[str, bool], seed: int
) -> tuple[Answers, pd.DataFrame]:
    """Random rows that take the place of the sample's in what is published, with the estimator's answers.

    Strings that the estimator does not insist on are made up.
    """
    random = np.random.default_rng(seed + 1)
    drawn = [draw_other(column, random, takes_others=unknown.get(column.name, False)) for column in columns.columns]
    rows = columns.to_rows(drawn)
    if not is_taken(answer, rows):
        rows = rows.iloc[:0]
    given = set(columns.sample.itertuples(index=False, name=None))
    # Columns of few values also draw rows that the sample has.
    is_new = [row not in given for row in rows.itertuples(index=False, name=None)]
    rows = rows.iloc[np.flatnonzero(is_new)[:SAMPLES]]
    if len(rows) == 0 or any(column.is_listed for column in columns.columns):
        raise Unsupported(
            "private=True cannot keep the rows secret: the estimator accepts only values of the sample. "
            'Let it take others, as OneHotEncoder(handle_unknown="ignore") does'
        )
    answers = answer(rows)
    served = answer_served(rows)
    kept = np.arange(len(rows))
    if len(answers.labels) > 0:
        kept = np.flatnonzero(has_same_labels(answers, served))
    return answers.take(kept), rows.iloc[kept]


def draw_other(column: Column, random: np.random.Generator, *, takes_others: bool) -> NDArray[Any]:
    """Random values of a column, none of them a string of the sample where the estimator takes others."""
    if column.words is not None:
        return column.words.draw([MADE_UP], random, RANDOM_ROWS)
    if column.datatype != "BYTES" or not takes_others:
        return draw_column(column, random)
    return np.array([f"{MADE_UP} {place}" for place in random.integers(1, 10, RANDOM_ROWS)], np.object_)


def choose_given(
    answer: Answer, answer_served: Answer, rows: pd.DataFrame, tolerance: float
) -> tuple[Answers, pd.DataFrame]:
    """The first of the rows that may be shown on which weights and estimator agree, with the estimator's answers."""
    answers = ask(answer, rows, "public_rows")
    agree = np.flatnonzero(~compare(answers, answer_served(rows), tolerance).is_off)[:SAMPLES]
    if len(agree) == 0:
        raise Unsupported("public_rows has no row that the weights answer as the estimator does: pass more rows")
    return answers.take(agree), rows.iloc[agree]


def list_public(
    card: Mapping[str, Any], samples: Sequence[Any], *, is_private: bool, has_public_rows: bool = False
) -> list[str]:
    """A line for each part of the training data that anyone who reaches the endpoint can read."""
    source = "rows of public_rows" if has_public_rows else "rows of the sample"
    background = card.get("data", {}).get("background", [])
    named = [f"{each['name']} ({len(each['categories'])})" for each in card["features"] if "categories" in each]
    shares = [each["name"] for each in card["features"] if "categoryShares" in each]
    numbers = [each["name"] for each in card["features"] if "training" in each]
    lines = [f"{len(background)} {source}, which explanations compare with"] if background else []
    if has_public_rows or not is_private:
        lines.append(f"{len(samples)} {source} with their predictions")
    if shares:
        lines.append(f"shares of the most frequent values of {', '.join(shares)}")
    if "uncertainty" in card:
        lines.append(f"errors of {card['uncertainty']['rows']} rows of the holdout, without the rows")
    if card.get("labels"):
        lines.append(f"the {len(card['labels'])} labels and their shares")
    if any("training" in each for each in card["outputs"]):
        lines.append("range and quantiles of the predicted values")
    if named:
        lines.append(f"all values of {', '.join(named)}")
    if numbers:
        lines.append(f"range and quantiles of {len(numbers)} columns")
    return lines
