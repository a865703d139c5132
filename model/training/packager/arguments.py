"""Rejects arguments of package_model that do not fit the sample or one another."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .about import About
from .columns import Columns, Precision, Unsupported
from .labels import Label
from .missing import show_value

MOST_NAMES = 10
PRECISIONS: dict[str | None, Precision | None] = {None: None, "float32": "FP32", "float64": "FP64"}


def require_options(precision: Any, seed: Any) -> None:
    """Rejects what is no precision or seed."""
    if precision not in PRECISIONS:
        raise Unsupported(f"precision must be 'float32', 'float64' or None, got {precision!r}")
    if not isinstance(seed, int) or seed < 0:
        raise Unsupported(f"seed must be a whole number from 0, got {seed!r}")


def require_none(**options: Any) -> None:
    """Rejects options that mean nothing for what is given: some are of networks, others of estimators."""
    for name, value in options.items():
        if value:
            kind = "an estimator's task and outputs are known" if name in ("task", "outputs") else "networks have none"
            raise Unsupported(f"{name}={value!r} is not for this model: {kind}. Leave it out")


def require_lengths(about: About, columns: Columns, targets: Any) -> None:
    """Checks targets against the sample's rows, and units and descriptions against its features."""
    if targets is not None and len(targets) != len(columns.sample):
        raise Unsupported(f"expected {len(columns.sample)} targets, one for each row of the sample, got {len(targets)}")
    strange = [name for name in [*about.units, *about.descriptions] if name not in columns.names]
    if strange:
        raise Unsupported(
            f"units and descriptions name the unknown feature {strange[0]!r}: expected {', '.join(columns.names[:MOST_NAMES])}"
        )


def require_targets(targets: Any, classes: Any, several: Sequence[Label] = ()) -> None:
    """Rejects targets that are not the classes of a classifier: their shares would all be 0."""
    if targets is None or (classes is None and not several):
        return
    given = np.asarray(targets)
    if several:
        if given.shape[1:] != (len(several),):
            raise Unsupported(f"expected {len(several)} targets for each row of the sample, got the shape {given.shape}")
        return
    if given.ndim > 1 and given.shape[1:] != (1,):
        raise Unsupported(f"expected one target for each row of the sample, got the shape {given.shape}")
    known = set(classes.tolist())
    strange = next((each for each in given.ravel().tolist() if each not in known), None)
    if strange is not None:
        wanted = ", ".join(map(str, classes.tolist()[:MOST_NAMES]))
        raise Unsupported(f"targets have {show_value(strange)}, which is no class of the estimator: expected {wanted}")
