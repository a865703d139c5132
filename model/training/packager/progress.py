"""Tells what a long packaging is at; silent unless somebody listens."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# Quick packagings say nothing of their steps.
SILENT_SECONDS = 2.0
LISTENER: ContextVar[Callable[[str], None] | None] = ContextVar("LISTENER", default=None)


def tell(step: str) -> None:
    """Names the step that begins."""
    listener = LISTENER.get()
    if listener is not None:
        listener(step)


@contextmanager
def print_progress(silent_seconds: float = SILENT_SECONDS) -> Iterator[None]:
    """Prints steps to stderr with the seconds since the start, after some silence."""
    started = time.monotonic()

    def print_step(step: str) -> None:
        seconds = time.monotonic() - started
        if seconds >= silent_seconds:
            print(f"{seconds:.0f} s: {step}", file=sys.stderr, flush=True)

    token = LISTENER.set(print_step)
    try:
        yield
    finally:
        LISTENER.reset(token)
