"""Finds out whether what is given is a network, without importing a framework that is not in use."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..columns import Unsupported
from .network import Network

TORCH, KERAS, PIPELINE = "torch.nn.modules.module.Module", "keras.src.models.model.Model", "transformers.pipelines.base.Pipeline"
SAVED = (".pt", ".pth", ".keras", ".h5", ".safetensors")


def find_network(given: Any) -> Network | None:
    """The network of a module, a model, a pipeline, or a pair of a model and its tokenizer; None for anything else."""
    bases = name_bases(given)
    if KERAS in bases:
        from .keras_models import KerasNetwork

        return KerasNetwork(given)
    if PIPELINE in bases or is_pair(given):
        from .language import read_language

        return read_language(given)
    if TORCH in bases:
        from .modules import TorchNetwork

        return TorchNetwork(given)
    refuse_parts(given, bases)
    return None


def name_bases(given: Any) -> set[str]:
    """The full names of the classes of an object."""
    return {f"{base.__module__}.{base.__qualname__}" for base in type(given).__mro__}


def is_pair(given: Any) -> bool:
    """Whether this is a model of language with its tokenizer."""
    if not isinstance(given, tuple) or len(given) != 2:
        return False
    return TORCH in name_bases(given[0]) and hasattr(given[1], "model_max_length")


def refuse_parts(given: Any, bases: set[str]) -> None:
    """Says what to pass in place of a part of a network, or of its file."""
    if isinstance(given, str | Path) and Path(given).suffix in SAVED:
        raise Unsupported(f"{given} is a file of weights: load it, and pass the network itself")
    if isinstance(given, Mapping) and any("torch.Tensor" in name_bases(value) for value in list(given.values())[:1]):
        raise Unsupported("a state_dict has weights without a network: pass the module after load_state_dict")
    if any(name.startswith("tf_keras.") for name in bases):
        raise Unsupported("the model is of Keras 2 (tf_keras): expected Keras 3. Load it with keras.saving.load_model")
    if any(name.startswith("torch.export.") for name in bases):
        raise Unsupported("expected a torch.nn.Module, got an exported program: pass the module that it was made of")
