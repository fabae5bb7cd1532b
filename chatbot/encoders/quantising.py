"""Weights of a network as int8 in blocks: each 64 weights have a scale, and the numbers they meet are scaled
row by row as it runs.

Measured on all-MiniLM-L6-v2 against onnxruntime's dynamic quantisation (int8 a channel, the numbers scaled by
tensor), least cosine to the original on the probes: 0.996 against 0.978, at 2.0 ms a question against 1.5,
and the same size. As nothing is shared between rows, a text's vector does not depend on its neighbours. The
operator: MatMulNBits in onnxruntime's docs/ContribOperators.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

BLOCK = 64
"""32 gives 0.998 at 2.3 ms, 128 gives 0.993 at 2.0."""
INT8_ARITHMETIC = 4
"""MatMulNBits' accuracy_level for multiplying int8 with int8."""
LONG_TABLE = 1000
"""Tables of so many rows are the words'; smaller ones stay as they are."""


def quantise(source: Path, target: Path) -> None:
    """Write the network with int8 weights and int8 word vectors."""
    import onnx

    network = onnx.load(str(source))
    weights = {tensor.name: tensor for tensor in network.graph.initializer}
    nodes, replaced = [], set()
    for node in network.graph.node:
        kind = node.op_type
        name = node.input[1] if kind == "MatMul" else node.input[0] if kind == "Gather" else ""
        values = onnx.numpy_helper.to_array(weights[name]) if name in weights else np.zeros(0)
        if values.ndim != 2 or values.dtype != np.float32 or (kind == "Gather" and len(values) < LONG_TABLE):
            nodes.append(node)
            continue
        made, tensors = (_product if kind == "MatMul" else _lookup)(onnx.helper, node, name, values)
        nodes += made
        if name not in replaced:
            network.graph.initializer.extend(onnx.numpy_helper.from_array(*tensor) for tensor in tensors)
        replaced.add(name)
    used = {name for node in nodes for name in node.input}
    kept = [tensor for tensor in network.graph.initializer if tensor.name in used]
    del network.graph.node[:], network.graph.initializer[:]
    network.graph.node.extend(nodes)
    network.graph.initializer.extend(kept)
    network.opset_import.append(onnx.helper.make_opsetid("com.microsoft", 1))
    onnx.save(network, str(target))


def _product(helper: Any, node: Any, name: str, weights: Any) -> tuple[list[Any], list[tuple[Any, str]]]:
    """A product with a matrix (k, n), its columns cut into blocks."""
    k, n = weights.shape
    blocks = np.zeros((n, -(-k // BLOCK) * BLOCK), np.float32)
    blocks[:, :k] = weights.T
    blocks = blocks.reshape(n, -1, BLOCK)
    scales = _scales(blocks)
    whole = (np.rint(blocks / scales) + 128).astype(np.uint8)
    made = helper.make_node(
        "MatMulNBits", [node.input[0], f"{name}.int8", f"{name}.scales"], list(node.output), node.name, domain="com.microsoft",
        K=k, N=n, bits=8, block_size=BLOCK, accuracy_level=INT8_ARITHMETIC,
    )  # fmt: skip
    return [made], [(whole, f"{name}.int8"), (scales.reshape(-1), f"{name}.scales")]


def _lookup(helper: Any, node: Any, name: str, table: Any) -> tuple[list[Any], list[tuple[Any, str]]]:
    """Rows of a table (words, d), each with a scale."""
    scales = _scales(table)
    out, rows = node.output[0], node.input[1]
    made = [
        helper.make_node("Gather", [f"{name}.int8", rows], [f"{out}.int8"], axis=0),
        helper.make_node("Cast", [f"{out}.int8"], [f"{out}.whole"], to=1),  # 1: float32
        helper.make_node("Gather", [f"{name}.scales", rows], [f"{out}.scales"], axis=0),
        helper.make_node("Mul", [f"{out}.whole", f"{out}.scales"], [out], node.name),
    ]
    return made, [(np.rint(table / scales).astype(np.int8), f"{name}.int8"), (scales, f"{name}.scales")]


def _scales(values: Any) -> Any:
    """What makes the largest of the last axis 127."""
    largest = np.abs(values).max(axis=-1, keepdims=True)
    return np.where(largest > 0, largest / 127, 1).astype(np.float32)
