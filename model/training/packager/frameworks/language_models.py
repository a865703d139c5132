"""Small models of language and a tokenizer, which tests make on the spot: no hub is asked."""

import itertools
from typing import Any

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

LIKED, DISLIKED = ["great", "lovely", "schön", "a joy"], ["awful", "stale", "müde", "a mess"]
THINGS = ["soup", "film", "hotel", "café", "bread"]
FRAMES = ["The {thing} was {word}.", "{word}, this {thing}!", "Such {word} {thing} :)"]
TEXTS = [
    frame.format(thing=thing, word=word)
    for words in (DISLIKED, LIKED)
    for frame, thing, word in itertools.product(FRAMES, THINGS, words)
]
LONGEST = 24
SPECIAL = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]"}


def create_tokenizer() -> Any:
    """WordPiece as of BERT, of the texts' own pieces."""
    backend = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer(lowercase=True)
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=160, special_tokens=list(SPECIAL.values()), show_progress=False)
    backend.train_from_iterator(TEXTS, trainer)
    backend.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(name, backend.token_to_id(name)) for name in ("[CLS]", "[SEP]")],
    )
    names = ["input_ids", "token_type_ids", "attention_mask"]
    return PreTrainedTokenizerFast(tokenizer_object=backend, model_max_length=LONGEST, model_input_names=names, **SPECIAL)


def create_model(kind: Any, configuration: Any, **options: Any) -> Any:
    """A model of one layer with random weights, the same each time."""
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    return kind(configuration(vocab_size=160, **{**sizes, "max_position_embeddings": 32, **options})).eval()
