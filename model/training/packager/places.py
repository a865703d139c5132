"""Where the packager finds what belongs to the endpoint: in its checkout, or in what pip has installed."""

import json
from importlib.metadata import requires
from pathlib import Path

DISTRIBUTION = "onnx-predict-packager"
RUNTIME_PIN = "onnxruntime=="
PACKAGER = Path(__file__).parent
PROJECT = PACKAGER.parents[2]
IS_CHECKOUT = PACKAGER == PROJECT / "model" / "training" / "packager"
# setup.py puts the schema beside this file when it builds a wheel.
SCHEMA = (PROJECT / "model" if IS_CHECKOUT else PACKAGER) / "card.schema.json"


def read_served_runtime() -> str:
    """The version of ONNX Runtime that serves; the package's own pin is the same."""
    if not IS_CHECKOUT:
        pin = next(each for each in requires(DISTRIBUTION) or [] if each.startswith(RUNTIME_PIN))
        return pin.removeprefix(RUNTIME_PIN)
    package = json.loads((PROJECT / "package.json").read_text(encoding="utf-8"))
    return str(package["dependencies"]["onnxruntime-node"])
