"""The versions of what makes the weights of a network."""

import platform

from ..training import find_version

PACKAGES = ["numpy", "onnx", "onnxruntime"]


def read_versions(*packages: str) -> dict[str, str]:
    """The installed versions of Python, of the runtime and of some packages."""
    installed = {name: found for name in [*PACKAGES, *packages] if (found := find_version(name)) is not None}
    return {"python": platform.python_version(), **installed}
