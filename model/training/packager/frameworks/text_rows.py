"""Texts as the rows of a network, and the tokenizer that makes ids of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..about import About
from ..columns import Column
from ..texts import TOKENIZER, USUAL_LENGTH, draw_texts
from .network import Tensors
from .rows import Groups

IDS, MASK, TYPES = "input_ids", "attention_mask", "token_type_ids"
ROWS_OF_TEXT = 64


@dataclass(frozen=True)
class Tokens:
    """How the tokenizer makes ids, a mask and types of a text; longer ones are cut."""

    tokenizer: Any
    inputs: tuple[str, ...]
    most_tokens: int
    longest: int = USUAL_LENGTH

    def to_feeds(self, name: str, texts: Sequence[str]) -> dict[str, NDArray[np.int64]]:
        """Tensors of the shape [1, tokens] for one text; `name` is that of the ids."""
        assert name == IDS
        found = self.tokenizer(list(texts), truncation=True, max_length=self.most_tokens)
        return {each: np.array(found[each], np.int64) for each in self.inputs}

    def to_ids(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """The ids alone."""
        return self.to_feeds(IDS, texts)[IDS]

    def draw(self, texts: Sequence[str], random: np.random.Generator, count: int) -> NDArray[np.object_]:
        """Random texts."""
        return draw_texts(texts, random, count, self.longest)

    @cached_property
    def document(self) -> bytes:
        """The tokenizer, as the endpoint reads it: the card says what is cut and filled up."""
        backend = self.tokenizer.backend_tokenizer
        plain = type(backend).from_str(backend.to_str())
        plain.no_truncation()
        plain.no_padding()
        return f"{plain.to_str(pretty=True)}\n".encode()

    def describe(self) -> dict[str, object]:
        """What the card says of it."""
        return {
            "file": TOKENIZER,
            "sha256": hashlib.sha256(self.document).hexdigest(),
            **({"mask": MASK} if MASK in self.inputs else {}),
            **({"types": TYPES} if TYPES in self.inputs else {}),
            **({} if self.longest == USUAL_LENGTH else {"maxCharacters": self.longest}),
        }


@dataclass(frozen=True)
class Texts:
    """Some texts. Those with as many tokens share a run."""

    texts: tuple[str, ...]
    column: Column
    is_named: bool

    @property
    def text(self) -> Column:
        """The only column."""
        return self.column

    @property
    def tokens(self) -> Any:
        """The tokenizer."""
        return self.column.words

    @cached_property
    def rows(self) -> list[Tensors]:
        """The tensors of each text."""
        return [self.tokens.to_feeds(IDS, [text]) for text in self.texts]

    @property
    def elements(self) -> int:
        """Characters of the longest, for the size of golden samples."""
        return max(map(len, self.texts))

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, places: Any) -> "Texts":
        return replace(self, texts=tuple(self.texts[int(place)] for place in np.atleast_1d(places)))

    def join(self, other: "Texts") -> "Texts":
        return replace(self, texts=(*self.texts, *other.texts))

    def groups(self, most: int | None = None) -> Groups:
        by_length: dict[int, list[int]] = {}
        for place, feeds in enumerate(self.rows):
            by_length.setdefault(feeds[IDS].shape[1], []).append(place)
        step = most or ROWS_OF_TEXT
        for places in by_length.values():
            for at in range(0, len(places), step):
                some = places[at : at + step]
                yield np.array(some), {name: np.concatenate([self.rows[place][name] for place in some]) for name in self.tokens.inputs}

    def example(self, count: int) -> Tensors:
        """The longest text several times: the exporter needs rows of one length."""
        longest = max(range(len(self)), key=lambda place: self.rows[place][IDS].shape[1])
        return {name: np.repeat(each, count, axis=0) for name, each in self.rows[longest].items()}

    def draw(self, random: np.random.Generator, count: int) -> "Texts":
        return replace(self, texts=tuple(self.tokens.draw(self.texts, random, count)))

    def instances(self) -> list[Any]:
        return [{self.column.name: text} if self.is_named else [text] for text in self.texts]

    def describe(self, about: About, *, is_private: bool) -> dict[str, Any]:  # noqa: ARG002
        name, most = self.column.name, self.tokens.most_tokens
        return {
            "inputs": [
                {"name": each, "datatype": "INT64", "shape": [-1, -1], "maxShape": [-1, most]} for each in self.tokens.inputs
            ],
            "features": [
                {
                    "name": name,
                    "description": about.descriptions.get(name, "A text."),
                    "input": IDS,
                    "column": 0,
                    "tokenizer": self.tokens.describe(),
                }
            ],
            "data": {"rows": len(self)},
        }
