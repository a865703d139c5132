"""Packages networks of PyTorch, Keras and Transformers, which are imported only when one of them is given."""
