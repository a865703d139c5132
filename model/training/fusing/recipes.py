"""The recipes: the file that a program of the guide writes, instances for it, and the pipeline that it replaces, in NumPy."""

import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions

from fusing.originals import PICTURES, WORDS, write_originals

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "fusing.md"
SEED = 8
Values = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Recipe:
    """Values by the name of an input or output of the fused file, for one row, without the axis of rows."""

    fused: str
    original: str
    instances: Sequence[Values]
    answer: Callable[[InferenceSession, Values], Values]


def run_guide(directory: Path) -> None:
    """Writes the originals and runs every program of the guide beside them."""
    write_originals(directory)
    for program in read_programs():
        run_program(program, directory)


def read_programs() -> list[str]:
    """Those of the guide, in order."""
    return re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def run_program(program: str, directory: Path) -> None:
    """In a process of its own, as a reader runs it."""
    subprocess.run([sys.executable, "-c", program], cwd=directory, check=True)


def read_recipes(directory: Path) -> Sequence[Recipe]:
    """What the guide's files in this directory are to answer."""
    random = np.random.default_rng(SEED)
    pictures = np.load(directory / "pictures.npy")
    sizes = [(4, 6), (9, 7), (1, 1)]
    others = [random.integers(0, 256, size=(*size, 3), dtype=np.uint8) for size in sizes]
    texts = [create_text(random, words, kept) for words, kept in [(6, 6), (6, 2), (1, 1), (9, 4), (3, 0)]]
    chunks = [
        {"chunk": random.normal(size=8).astype(np.float32), "old": random.normal(size=(2, 4)).astype(np.float32)}
        for _ in range(PICTURES)
    ]
    return [
        Recipe("pixels.onnx", "network.onnx", [{"pixels": each} for each in [*pictures, *others]], classify),
        Recipe("embedding.onnx", "encoder.onnx", texts, embed),
        Recipe("turned.onnx", "voice.onnx", chunks, listen),
    ]


def create_text(random: np.random.Generator, words: int, kept: int) -> Values:
    """Ids behind a mask that keeps the first of them."""
    mask = (np.arange(words) < kept).astype(np.int64)
    return {"input_ids": random.integers(0, WORDS, size=words), "attention_mask": mask}


def classify(network: InferenceSession, values: Values) -> Values:
    """Scales in double precision, channels first."""
    scaled = (values["pixels"] / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    [scores] = network.run(["scores"], {"image": np.moveaxis(scaled, -1, 0)[np.newaxis].astype(np.float32)})
    return {"scores": scores[0]}


def embed(encoder: InferenceSession, values: Values) -> Values:
    """The mean of the kept words alone, of length 1; zeros where none is kept."""
    feeds = {name: value[np.newaxis] for name, value in values.items()}
    [vectors] = encoder.run(["last_hidden_state"], feeds)
    kept = vectors[0][values["attention_mask"] == 1]
    if len(kept) == 0:
        return {"embedding": np.zeros(vectors.shape[-1], np.float32)}
    mean = kept.mean(axis=0)
    return {"embedding": mean / np.linalg.norm(mean)}


def listen(voice: InferenceSession, values: Values) -> Values:
    """One step with a state of one row."""
    feeds = {"chunk": values["chunk"][np.newaxis], "state": values["old"][:, np.newaxis], "sr": np.array(16_000)}
    speech, state = voice.run(["speech", "next_state"], feeds)
    return {"speech": speech[0], "new": state[:, 0]}


def open_session(path: Path) -> InferenceSession:
    """One thread, as the server has."""
    options = SessionOptions()
    options.intra_op_num_threads = 1
    return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
