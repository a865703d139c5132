"""Models of language with their tokenizer: pipelines of Transformers, and pairs of a module and a tokenizer."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import nn

from ..answers import first_line
from ..columns import Column, Unsupported
from ..reading import is_list_of_texts, require_names
from ..texts import LONGEST, USUAL_LENGTH
from .modules import TorchNetwork, as_in_eval, read_inputs
from .network import Tensors
from .text_rows import IDS, MASK, TYPES, Texts, Tokens
from .versions import read_versions

# A tokenizer that knows no limit says a number of thirty digits.
NO_LIMIT = 1_000_000
USUAL_TOKENS = 512
PIPELINES = {"text-classification": "TextClassificationPipeline", "feature-extraction": "FeatureExtractionPipeline"}
WAY = (
    "wrap the model in a torch.nn.Module that returns one tensor a text, with a first dimension that counts texts, "
    "and pass the pair (module, tokenizer)"
)


def read_language(given: Any) -> "LanguageNetwork":
    """The network of a pipeline or of a pair."""
    if isinstance(given, tuple):
        return LanguageNetwork(given[0], given[1], None, None)
    if type(given).__name__ not in PIPELINES.values():
        kind, known = type(given).__name__, " or ".join(PIPELINES)
        raise Unsupported(f"{kind} answers with more than a label or a vector: expected {known}. Or {WAY}")
    function = getattr(given, "_postprocess_params", {}).get("function_to_apply")
    return LanguageNetwork(given.model, given.tokenizer, given, getattr(function, "name", None))


class Headed(nn.Module):
    """A model of Transformers that answers with one tensor: its logits, or the mean of its tokens' vectors."""

    def __init__(self, model: nn.Module, head: str) -> None:
        super().__init__()
        self.model, self.head = model, head
        self.is_typed = TYPES in read_inputs(model)

    def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any = None) -> torch.Tensor:
        types = {TYPES: token_type_ids} if self.is_typed and token_type_ids is not None else {}
        found = self.model(input_ids=input_ids, attention_mask=attention_mask, **types)
        if self.head == "mean":
            vectors, shares = found["last_hidden_state"], attention_mask.to(found["last_hidden_state"].dtype)[:, :, None]
            return (vectors * shares).sum(dim=1) / shares.sum(dim=1)
        return torch.sigmoid(found["logits"]) if self.head == "sigmoid" else found["logits"]


class LanguageNetwork(TorchNetwork):
    """A model of language behind its tokenizer."""

    library = "Transformers"

    def __init__(self, model: Any, tokenizer: Any, pipeline: Any, function: str | None) -> None:
        if tokenizer is None:
            raise Unsupported("the pipeline has no tokenizer: expected one that reads texts")
        if getattr(tokenizer, "backend_tokenizer", None) is None:
            raise Unsupported(
                f"{type(tokenizer).__name__} has no tokenizer.json: expected a fast tokenizer. "
                "Load it with AutoTokenizer.from_pretrained(…, use_fast=True)"
            )
        super().__init__(model)
        self.tokenizer, self.pipeline, self.task = tokenizer, pipeline, None
        forward = read_inputs(self.module)
        known = {name for name in (IDS, MASK, TYPES) if name in forward}
        if IDS not in known:
            raise Unsupported(f"{self.kind}.forward takes {', '.join(forward) or 'no inputs'}: expected {IDS} and {MASK}")
        wanted = set(getattr(tokenizer, "model_input_names", [])) | {IDS}
        self.inputs = [name for name in (IDS, MASK, TYPES) if name in known & wanted]
        self.most_tokens = self.find_limit()
        self.choose_head(function)

    def find_limit(self) -> int:
        """The most tokens that tokenizer and model take."""
        config = getattr(self.module, "config", None)
        known = [int(self.tokenizer.model_max_length)] if self.tokenizer.model_max_length < NO_LIMIT else []
        positions = getattr(config, "max_position_embeddings", None)
        limit = min([*known, *([positions] if isinstance(positions, int) and positions > 0 else [])], default=USUAL_TOKENS)
        # Some models count positions from behind the id that fills up.
        offset = int(getattr(config, "pad_token_id", None) or 0) + 1
        reason: Exception | None = None
        for most in (limit, limit - offset):
            feeds = {name: np.full((1, most), int(name != TYPES), np.int64) for name in self.inputs}
            feeds[IDS][:] = self.tokenizer("a")[IDS][-1]
            try:
                self.ask_raw(feeds)
                return most
            except Exception as failure:
                reason = reason or failure
        raise Unsupported(
            f"the model rejects {limit} tokens, the tokenizer's limit: {first_line(reason or Exception())}. Set model_max_length"
        ) from reason

    def choose_head(self, function: str | None) -> None:
        """What of the model's answers is served, as the pipeline does."""
        tokens = Tokens(self.tokenizer, tuple(self.inputs), self.most_tokens)
        found = self.ask_raw(tokens.to_feeds(IDS, ["a"]))
        if isinstance(found, torch.Tensor):
            return
        if not isinstance(found, Mapping) or not {"logits", "last_hidden_state"} & set(found):
            raise Unsupported(f"{self.kind} returns a {type(found).__name__}: expected logits or last_hidden_state. Or {WAY}")
        if "logits" not in found:
            self.task, head = "embedding", "mean"
            self.notes.append("the mean of the tokens' vectors is served, as one vector for a text")
        elif found["logits"].ndim != 2:
            raise Unsupported(
                f"{self.kind} answers each token, as in token-classification and fill-mask: expected one answer a text. Or {WAY}"
            )
        else:
            head = self.choose_function(function, found["logits"].shape[1])
        self.module = Headed(self.module, head)

    def choose_function(self, function: str | None, width: int) -> str:
        """As the pipeline chooses it: by what it was told, or by the kind of problem."""
        problem = getattr(self.module.config, "problem_type", None)
        if function is None:
            is_single = width > 1 and problem != "multi_label_classification"
            function = "NONE" if problem == "regression" else "SOFTMAX" if is_single else "SIGMOID"
        if problem == "regression" or width == 1:
            self.task, self.labels = "regression", None
        self.outputs = {"SOFTMAX": "logits", "NONE": "scores"}.get(function)
        return "sigmoid" if function == "SIGMOID" else "logits"

    def ask_raw(self, feeds: Tensors) -> Any:
        """What the model returns, in eval()."""
        with as_in_eval(self.module), torch.no_grad():
            return self.module(**{name: torch.from_numpy(each) for name, each in feeds.items()})

    def read_rows(self, given: Any) -> Texts:
        """The texts of a list, of a series, or of a frame with one column."""
        name, is_named = getattr(given, "name", None) or "text", False
        if isinstance(given, pd.DataFrame) and given.shape[1] == 1:
            name, is_named = str(given.columns[0]), True
            given = given.iloc[:, 0]
        texts = list(given) if is_list_of_texts(given) else []
        strange = [each for each in texts if not isinstance(each, str)]
        if len(texts) == 0 or strange:
            shown = f"{strange[0]!r} among them" if strange else f"a {type(given).__name__}"
            raise Unsupported(f"a model of language takes texts: expected a list of strings, got {shown}")
        require_names([str(name)])
        longest = min(LONGEST, max(USUAL_LENGTH, 2 * max(map(len, texts))))
        tokens = Tokens(self.tokenizer, tuple(self.inputs), self.most_tokens, longest)
        column = Column(str(name), "TEXT", np.array(texts, np.object_), words=tokens)
        return Texts(tuple(texts), column, is_named)

    def export(self, feeds: Tensors) -> onnx.ModelProto:
        """Any number of texts, and of tokens up to the limit."""
        sizes = {0: torch.export.Dim("rows"), 1: torch.export.Dim("tokens", max=self.most_tokens)}
        return self.export_with(feeds, dict.fromkeys(feeds, sizes))

    def confirm(self, texts: Sequence[str], labels: Sequence[str] | None) -> NDArray[np.float64] | None:
        """The pipeline's own numbers for texts; None without a pipeline."""
        if self.pipeline is None:
            return None
        options = {"truncation": True, "max_length": self.most_tokens}
        if type(self.pipeline).__name__ == PIPELINES["feature-extraction"]:
            return np.array([np.mean(self.pipeline(text, **{"tokenize_kwargs": options})[0], axis=0) for text in texts])
        found = [self.pipeline(text, top_k=None, **options) for text in texts]
        by_label = [{each["label"]: each["score"] for each in answer} for answer in found]
        return np.array([[answer[label] for label in labels or list(answer)] for answer in by_label])

    def describe(self) -> dict[str, Any]:
        """The model's class and size."""
        described = super().describe()
        packages = read_versions("torch", "onnxscript", "transformers", "tokenizers")
        return {**described, "estimator": f"transformers {self.kind}", "environment": packages}
