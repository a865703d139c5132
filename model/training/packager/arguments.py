"""Rejects arguments of package_model that do not fit the sample or one another."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .about import About
from .columns import Columns, Precision, Unsupported
from .labels import Label
from .missing import show_value
from .validity import shorten

MOST_NAMES = 10
PRECISIONS: dict[str | None, Precision | None] = {None: None, "float32": "FP32", "float64": "FP64"}


def require_options(directory: Any, about: Any, precision: Any, seed: Any, **switches: Any) -> None:
    """Rejects what is no directory, About, precision or seed, and switches that are neither true nor false."""
    require_directory(directory)
    require_about(about)
    if not (precision is None or isinstance(precision, str)) or precision not in PRECISIONS:
        raise Unsupported(f"precision must be 'float32', 'float64' or None, got {shorten(precision)}")
    if not isinstance(seed, int) or seed < 0:
        raise Unsupported(f"seed must be a whole number from 0, got {shorten(seed)}")
    for name, value in switches.items():
        if not isinstance(value, bool):
            raise Unsupported(f"{name} must be True or False, got {shorten(value)}")


def require_none(**options: Any) -> None:
    """Rejects options that mean nothing for what is given: some are of networks, others of estimators."""
    for name, value in options.items():
        if value:
            kind = "an estimator's task and outputs are known" if name in ("task", "outputs") else "networks have none"
            raise Unsupported(f"{name}={value!r} is not for this model: {kind}. Leave it out")


def require_directory(directory: Any) -> None:
    """Rejects a path that cannot become a directory, before a long conversion."""
    if not isinstance(directory, str | os.PathLike):
        raise Unsupported(f"directory must be a path, got {shorten(directory)}")
    if "\0" in str(directory):
        raise Unsupported(f"directory must be a path without the character NUL, got {shorten(directory)}")
    try:
        path = Path(directory)
        is_taken = path.exists() and not path.is_dir()
    except OSError as failure:
        raise Unsupported(f"{shorten(directory)} cannot be written: {failure.strerror}") from failure
    if is_taken:
        raise Unsupported(f"{directory} is a file: expected a directory, which may exist or not")


def require_about(about: Any) -> None:
    """Rejects an About of wrong types; its words are checked against the card's schema."""
    if about is None:
        return
    if not isinstance(about, About):
        wanted = "About(name=…, title=…, description=…, intended_use=…)"
        raise Unsupported(f"about must be {wanted} or None, got {shorten(about)}")
    for name in ("units", "descriptions"):
        if not isinstance(getattr(about, name), Mapping):
            raise Unsupported(f"{name} must be a dict by feature name, got {shorten(getattr(about, name))}")
    for name in ("labels", "value_names"):
        given = getattr(about, name)
        if given is not None and not is_list(given):
            raise Unsupported(f"{name} must be a list of strings or None, got {shorten(given)}")


def is_list(given: Any) -> bool:
    """Whether something has an order and a length, and is no text."""
    return isinstance(given, Sequence | np.ndarray) and not isinstance(given, str | bytes)


def require_lengths(about: About, columns: Columns, targets: NDArray[Any] | None) -> None:
    """Checks targets against the sample's rows, and units and descriptions against its features."""
    if targets is not None and len(targets) != len(columns.sample):
        raise Unsupported(f"expected {len(columns.sample)} targets, one for each row of the sample, got {len(targets)}")
    strange = [name for name in [*about.units, *about.descriptions] if name not in columns.names]
    if strange:
        raise Unsupported(
            f"units and descriptions name the unknown feature {strange[0]!r}: expected {', '.join(columns.names[:MOST_NAMES])}"
        )


def read_targets(given: Any, title: str) -> NDArray[Any]:
    """Targets as an array, one for each row."""
    try:
        targets = np.asarray(given)
    except ValueError as failure:
        raise Unsupported(f"{title} have lists of different lengths: expected one value for each row") from failure
    if targets.ndim == 0:
        raise Unsupported(f"{title} must be a list or an array with one value for each row, got {shorten(given)}")
    return targets


def require_targets(targets: NDArray[Any] | None, classes: NDArray[Any] | None, several: Sequence[Label] = ()) -> None:
    """Rejects targets that are not the classes of a classifier: their shares would all be 0."""
    if targets is None or (classes is None and not several):
        return
    if several:
        if targets.shape[1:] != (len(several),):
            raise Unsupported(f"expected {len(several)} targets for each row of the sample, got the shape {targets.shape}")
        return
    if targets.ndim > 1 and targets.shape[1:] != (1,):
        raise Unsupported(f"expected one target for each row of the sample, got the shape {targets.shape}")
    known = set(classes.tolist())
    strange = next((each for each in targets.ravel().tolist() if each not in known), None)
    if strange is not None:
        wanted = ", ".join(map(str, classes.tolist()[:MOST_NAMES]))
        raise Unsupported(f"targets have {show_value(strange)}, which is no class of the estimator: expected {wanted}")
