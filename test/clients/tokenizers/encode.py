"""Prints what Hugging Face's own library makes of texts: `encode.py TOKENIZER.json MOST < texts.json`.

The texts are a list; printed is a list of the ids of each, with its special tokens, cut to MOST.
"""

import json
import sys

from tokenizers import Tokenizer

path, most = sys.argv[1:]
tokenizer = Tokenizer.from_file(path)
tokenizer.no_padding()
tokenizer.enable_truncation(int(most))
json.dump([tokenizer.encode(text).ids for text in json.load(sys.stdin)], sys.stdout)
