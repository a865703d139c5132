"""What an owner leaves open, and what of the training data the endpoint will show to its callers."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from .about import About, Task
from .agreement import Agreement
from .answers import Answer, Answers, has_same_labels, join
from .boosting import last_step
from .columns import Columns, Unsupported
from .probes import draw_random

SAMPLES = 60
STRANGE = 20
OPEN = "To be completed by the owner."
DOES = {
    "classification": "Predicts a label",
    "regression": "Predicts a value",
    "embedding": "Transforms a row",
    "tensors": "Predicts several labels",
}


class Report(dict[str, float]):
    """The largest difference for each kind of rows; `public` lists what of the sample the endpoint shows.

    `notes` say what was decided about a network without being asked.
    """

    def __init__(self, differences: Mapping[str, float], public: Sequence[str], notes: Sequence[str] = ()) -> None:
        super().__init__(differences)
        self.public = list(public)
        self.notes = list(notes)
        self.server: subprocess.Popen[str] | None = None


def infer_about(estimator: Any, task: Task) -> About:
    """A name and title from the estimator's class; the intended use is left open."""
    kind = type(last_step(estimator)).__name__
    return About(*to_title(kind), f"{DOES[task]} with {kind}.", OPEN)


def to_title(kind: str) -> tuple[str, str]:
    """A name for paths and a title for readers, from the name of a class."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", kind)
    return words.lower().replace(" ", "-"), words.capitalize()


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


def draw_shown(answer: Answer, answer_served: Answer, columns: Columns, seed: int) -> tuple[Answers, pd.DataFrame]:
    """Random rows that take the place of the sample's in what is published, with the estimator's answers."""
    rows = draw_random(answer, columns, np.random.default_rng(seed + 1))
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


def list_public(card: Mapping[str, Any], samples: Sequence[Any], *, is_private: bool) -> list[str]:
    """A line for each part of the training data that anyone who reaches the endpoint can read."""
    background = card.get("data", {}).get("background", [])
    named = [f"{each['name']} ({len(each['categories'])})" for each in card["features"] if "categories" in each]
    numbers = [each["name"] for each in card["features"] if "training" in each]
    lines = [f"{len(background)} rows of the sample, which explanations compare with"] if background else []
    if not is_private:
        lines.append(f"{len(samples)} rows of the sample with their predictions")
    if "uncertainty" in card:
        lines.append(f"errors of {card['uncertainty']['rows']} rows of the holdout, without the rows")
    if named:
        lines.append(f"all values of {', '.join(named)}")
    if numbers:
        lines.append(f"range and quantiles of {len(numbers)} columns")
    return lines
