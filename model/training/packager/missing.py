"""Missing values among strings, and values as messages show them."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .columns import Unsupported


def show_value(value: Any) -> str:
    """A value as Python writes it, without NumPy's own types."""
    return repr(value.item() if isinstance(value, np.generic) else value)


def is_gap(value: Any) -> bool:
    """Whether a value is a missing string."""
    return value is None or value is pd.NA or (isinstance(value, float | np.floating) and bool(np.isnan(value)))


def require_one_gap(name: str, values: NDArray[Any]) -> None:
    """Callers have one way to send a missing string, null, so the sample must have one, too; and some strings."""
    gaps = {repr(value) for value in values if is_gap(value)}
    if len(gaps) > 0 and "" in values:
        gaps.add("the empty string")
    if len(gaps) > 1:
        raise Unsupported(
            f"the column {name} has {' and '.join(sorted(gaps))} for missing strings: expected one of them. "
            "Replace one by the other before fitting"
        )
    if len(gaps) == 1 and all(is_gap(value) for value in values):
        raise Unsupported(f"the column {name} has no values: expected at least one. Leave the column out")
