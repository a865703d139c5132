"""Asks a network again: its answers must be finite, the same each time, and each row's own."""

import numpy as np

from ..answers import first_line
from ..columns import Unsupported
from . import parity
from .network import Network, Tensors
from .rows import Rows


def require_steady(network: Network, rows: Rows, tolerance: float) -> Tensors:
    """The answers for the sample; raises where the network differs from itself, or cannot answer rows alone."""
    answers = parity.ask_all(network.ask, rows)
    for name, each in answers.items():
        strange = ~np.isfinite(np.asarray(each, np.float64)).reshape(len(each), -1).all(axis=1)
        if strange.any():
            row = int(np.argmax(strange))
            raise Unsupported(
                f"the network answers row {row} of the sample with {parity.show_row(each[row])} in {name}: "
                "expected finite numbers for every row, because JSON has no NaN or infinity"
            )
    few = rows.take(np.arange(min(parity.SINGLES, len(rows))))
    first, again, alone = ask_again(network, few)
    drift = parity.measure(first, again).max()
    if drift > tolerance:
        raise Unsupported(
            f"the network differs from itself: the same rows get other answers, by up to {drift:.3g}. "
            "Something random stays on outside of training, such as dropout without training=self.training, or noise. "
            "Switch it off, then package again"
        )
    influence = max(parity.measure(first, alone).max(), parity.measure(first, parity.take(answers, len(few))).max())
    if influence > tolerance:
        raise Unsupported(
            f"a row's answer depends on the other rows of its run: among others it differs by up to {influence:.3g}. "
            "Expected independent rows, because the endpoint joins rows of several callers. Look for statistics over the first "
            f"dimension, such as BatchNorm with track_running_stats=False{name_tolerance(influence)}"
        )
    return answers


def ask_again(network: Network, few: Rows) -> tuple[Tensors, Tensors, Tensors]:
    """The answers of a few rows, once more, and each alone."""
    try:
        return parity.ask_all(network.ask, few), parity.ask_all(network.ask, few), parity.ask_all(network.ask, few, 1)
    except Unsupported:
        raise
    except Exception as failure:
        raise Unsupported(
            f"the network takes all rows of the sample at once, but not {len(few)} or one of them: {first_line(failure)}. "
            "Callers send any number of rows: replace a number in forward's view, reshape or expand by x.shape[0] or -1"
        ) from failure


def name_tolerance(influence: float) -> str:
    """The tolerance that allows a small difference."""
    if influence > parity.LARGEST_TOLERANCE / 10:
        return ""
    return f"; if it is only rounding, pass tolerance={parity.to_tolerance(influence):g}"
