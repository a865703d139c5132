"""What a packaging tells its caller: the card in a line, how far the weights are from the estimator, what is public, what comes next."""

import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .serving import find_obstacle


class Report(dict[str, float]):
    """The largest difference for each kind of rows; `public` lists what of the sample the endpoint shows.

    `notes` say what was decided about a network without being asked.
    """

    def __init__(
        self,
        differences: Mapping[str, float],
        public: Sequence[str] = (),
        directory: Path = Path("model"),
        card: Mapping[str, Any] | None = None,
        notes: Sequence[str] = (),
        *,
        is_inferred: bool = False,
    ) -> None:
        super().__init__(differences)
        self.public = list(public)
        self.directory = directory
        self.card = dict(card or {})
        self.notes = list(notes)
        self.is_inferred = is_inferred
        self.server: subprocess.Popen[str] | None = None

    def __repr__(self) -> str:
        """The summary that a notebook shows."""
        lines = [f"card: {describe_card(self.card)}"] if self.card else []
        lines += [show_difference(title, number) for title, number in self.items()]
        lines += [f"note: {line}" for line in self.notes]
        lines += [f"public: {line}" for line in self.public]
        if self.is_inferred:
            lines.append(f"to complete in {self.directory / 'card.json'}: name, title, intendedUse, the features' units")
        return "\n".join([*lines, f"next: {find_next(self.directory)}"])


def describe_card(card: Mapping[str, Any]) -> str:
    """Name, task, features and labels."""
    features = [each["name"] for each in card["features"]]
    labels = card.get("labels", [])
    told = f"; labels {shorten_list(labels)}" if labels else ""
    return f"{card['title']} ({card['name']} {card['version']}), {card['task']}; features {shorten_list(features)}{told}"


def shorten_list(names: Sequence[str], most: int = 5) -> str:
    """The first names, and how many there are."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} … ({len(names)})"


def show_difference(title: str, number: float) -> str:
    """The largest difference of a kind of rows, or the share of those that differ."""
    return f"{title}: {number:.1%}" if "share" in title else f"{title}: at most {number:.1e} from the estimator"


def find_next(directory: Path) -> str:
    """The command that serves the model, or the one that checks it where that was not possible."""
    quoted = shlex.quote(str(directory))
    if find_obstacle() is None:
        return f"MODEL_DIR={quoted} npm start, or package_model(…, serve=True)"
    return f"npm run model -- check {quoted}, in a checkout of the endpoint"
