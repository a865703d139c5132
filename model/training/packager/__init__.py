"""Turns a fitted estimator into a model directory: reads columns, converts to ONNX, compares, writes the card."""
