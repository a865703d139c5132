"""Writes a model directory to a temporary place, and moves it to its target once it has passed its check."""

import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from .columns import Unsupported

# The card is moved last: until then the new weights do not match the old card's hash, so nothing wrong is served.
LAST = "card.json"


def write_checked(directory: Path, files: Mapping[str, bytes], check: Callable[[Path], None]) -> None:
    """Writes all files of a model or none; `check` gets them in a temporary directory and raises if something is wrong.

    An existing directory keeps its schema and its other files.
    """
    try:
        stage = create_stage(directory)
    except OSError as failure:
        raise Unsupported(f"{directory} cannot be written: {failure}") from failure
    try:
        for name, content in files.items():
            (stage / name).write_bytes(content)
        check(stage)
        publish(stage, directory)
    except OSError as failure:
        raise Unsupported(f"{directory} cannot be written: {failure}") from failure
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def create_stage(directory: Path) -> Path:
    """A new directory on the file system of the target, so a move is a rename."""
    place = directory
    while not place.exists():
        place = place.parent
    stage = place / f".packaging-{secrets.token_hex(6)}"
    stage.mkdir()
    return stage


def publish(stage: Path, directory: Path) -> None:
    """Moves the whole directory if the target does not exist, otherwise file by file."""
    if not directory.exists():
        directory.parent.mkdir(parents=True, exist_ok=True)
        stage.rename(directory)
        return
    for path in sorted(stage.iterdir(), key=lambda each: each.name == LAST):
        if (directory / path.name).is_dir():
            raise Unsupported(f"{directory / path.name} is a directory: expected a file or nothing. Remove it")
    for path in sorted(stage.iterdir(), key=lambda each: each.name == LAST):
        os.replace(path, directory / path.name)
