"""Turns failures that nobody foresaw into refusals, with the place where they arose."""

import functools
import inspect
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from .agreement import Disagreement
from .answers import first_line
from .columns import Unsupported

Given = ParamSpec("Given")
Result = TypeVar("Result")


def refuse_unforeseen(package: Callable[Given, Result]) -> Callable[Given, Result]:
    """A function that raises nothing but Unsupported and Disagreement; the failure itself is the cause of the refusal."""

    @functools.wraps(package)
    def guarded(*args: Given.args, **options: Given.kwargs) -> Result:
        try:
            inspect.signature(package).bind(*args, **options)
        except TypeError as failure:
            raise Unsupported(f"{package.__name__}: {failure}. See help({package.__name__})") from failure
        try:
            return package(*args, **options)
        except (Unsupported, Disagreement):
            raise
        except Exception as failure:
            raise Unsupported(
                f"the packager failed with {show_failure(failure)}. This is a defect of the packager and not of the model: "
                "please report it with this line"
            ) from failure

    return guarded


def show_failure(failure: Exception) -> str:
    """A failure in one line, with the file and line that raised it."""
    *_, place = traceback.extract_tb(failure.__traceback__)
    return f"{type(failure).__name__}: {first_line(failure)} ({Path(place.filename).name}, line {place.lineno})"
