"""Says what to install where an import would fail: on the command line in a sentence, elsewhere as the error of the import."""

import sys
from importlib.util import find_spec

OLDEST_PYTHON = (3, 11)
# What pyproject.toml depends on, by the names of its modules.
MODULES = ("jsonschema", "numpy", "onnx", "onnxmltools", "onnxruntime", "pandas", "skl2onnx", "sklearn")
CURE = (
    "install the packager in the root of the project by `python3.11 -m venv .venv` and "
    "`.venv/bin/pip install --require-hashes -r model/training/packager/requirements.txt`, then run `.venv/bin/python`"
)


def require_packages(*, is_command: bool) -> None:
    """Ends a command whose Python lacks packages; raises ImportError for a program's."""
    lack = find_lack()
    if lack is None:
        return
    message = f"{sys.executable} {lack}: {CURE}"
    if is_command:
        sys.exit(message)
    raise ImportError(message)


# The quotes let an old Python read this file.
def find_lack() -> "str | None":
    """What this Python lacks; None if nothing."""
    if sys.version_info < OLDEST_PYTHON:
        return f"is Python {sys.version_info[0]}.{sys.version_info[1]}, expected 3.11 or later"
    missing = [name for name in MODULES if find_spec(name) is None]
    return f"lacks {', '.join(missing)}" if missing else None
