"""The recipes of docs/guides/fusing.md, run and compared with what they replace."""
