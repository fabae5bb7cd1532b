"""From a sentence-transformers model to an artifact: export, quantise, optimise, and compare with the
reference.

The whole chain of the model's modules is exported, pooling and all, so nothing about them is assumed; the
probes decide. Torch's older exporter is used: it needs the package onnx only, the newer one onnxscript as
well. Weights become int8 (``quantising.py``), and the graph is optimised here, once, as far as does not
depend on the processor: loading then takes half the time.
"""

from __future__ import annotations

import json
import logging
import tempfile
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np

from chatbot.encoders.artifact import Artifact, Manifest, versions
from chatbot.encoders.encoder import SentenceTransformerEncoder
from chatbot.encoders.quantising import quantise
from chatbot.encoders.session import Session, quiet_onnxruntime
from chatbot.paths import data_file

LEAST: dict[Literal["int8", "fp32"], float] = {"int8": 0.98, "fp32": 0.9999}
"""The least cosine to the reference, over the probes, with which a kind is used; tried in this order."""
STEPS = 6
OPSET = 17
ENDLESS = 100_000
"""A tokenizer whose longest text is this or more has no limit."""
Progress = Callable[[int, int], None]
log = logging.getLogger(__name__)


class CannotCompileError(Exception):
    """The model has something that a compiled one would leave out."""


def compile_encoder(
    reference: SentenceTransformerEncoder, model: str, progress: Progress | None = None
) -> Artifact:
    """The artifact of a model, its ``kind`` the smallest that agrees with the reference.

    Takes seconds, most of it importing torch. Raises ``EncoderError`` for a model that can't be loaded, and
    anything that torch or onnxruntime may raise for one that can't be compiled.
    """
    done = iter(range(1, STEPS + 1))

    def step() -> None:
        if progress:
            progress(next(done), STEPS)

    if progress:
        progress(0, STEPS)
    loaded = reference.load()
    step()
    probes: list[str] = json.loads(data_file("probes.json").read_text("utf-8"))
    expected = reference.encode(probes)
    step()
    manifest = Manifest(
        "fp32", model, versions(), 0.0, _prompt(loaded), bool(getattr(loaded[0], "do_lower_case", False))
    )
    tokenizer = _tokenizer(loaded)
    worst = 0.0
    with tempfile.TemporaryDirectory(prefix="chatbot-") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter, about itself
        exported = Path(folder) / "exported.onnx"
        _export(loaded, probes[:2], exported)
        step()
        for kind, least in LEAST.items():
            source = exported
            if kind == "int8":
                quantise(exported, source := exported.with_name("int8.onnx"))
            network = _optimised(source)
            step()
            artifact = Artifact.make(manifest, {"tokenizer": tokenizer, "network": network})
            worst = _least_cosine(Session(artifact, threads=1).encode(probes), expected)
            log.debug("%s: least cosine %.5f", kind, worst)
            if worst >= least:
                if progress:
                    progress(STEPS, STEPS)
                return Artifact(_with(artifact.manifest, kind, worst), artifact.parts)
    return Artifact.make(_with(manifest, "reference", worst), {})


def _with(manifest: Manifest, kind: Literal["int8", "fp32", "reference"], cosine: float) -> Manifest:
    return msgspec.structs.replace(manifest, kind=kind, least_cosine=cosine)


def _least_cosine(found: Any, expected: Any) -> float:
    if found.shape != expected.shape or not np.isfinite(found).all():
        return -1.0
    return float((found * expected).sum(axis=1).min())


def _prompt(model: Any) -> str:
    """What the model puts before every text."""
    prompt = (model.prompts or {}).get(model.default_prompt_name) or "" if model.default_prompt_name else ""
    if prompt and any(getattr(module, "include_prompt", True) is False for module in model):
        raise CannotCompileError("it leaves its prompt out when it pools")
    if getattr(model, "truncate_dim", None):
        raise CannotCompileError("it cuts its vectors")
    return str(prompt)


def _tokenizer(model: Any) -> bytes:
    """The tokenizer that the model has now, without padding, cutting at the model's own longest text: its
    file may say otherwise."""
    from tokenizers import Tokenizer

    own = model.tokenizer
    tokenizer = Tokenizer.from_str(own.backend_tokenizer.to_str())
    tokenizer.no_padding()
    longest = model.max_seq_length or own.model_max_length
    if longest < ENDLESS:
        tokenizer.enable_truncation(longest, direction=own.truncation_side)
    else:
        tokenizer.no_truncation()
    return str(tokenizer.to_str()).encode()


def _export(model: Any, examples: Sequence[str], file: Path) -> None:
    """The whole model as ONNX: from token ids to the sentence's vector, with free axes for batch and
    sequence."""
    import torch

    prepare = getattr(model, "preprocess", None) or model.tokenize  # its name before sentence-transformers 6
    features = {
        name: value for name, value in prepare(list(examples)).items() if isinstance(value, torch.Tensor)
    }
    if not {"input_ids"} <= set(features) <= {"input_ids", "attention_mask", "token_type_ids"}:
        raise CannotCompileError(f"it takes {', '.join(features) or 'no tokens'}")

    class Whole(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.whole = model

        def forward(self, *given: Any) -> Any:
            flowing: dict[str, Any] = dict(zip(features, given, strict=True)) | {"modality": "text"}
            for module in self.whole:
                flowing = module(flowing)
            return flowing["sentence_embedding"]

    axes = {name: {0: "batch", 1: "sequence"} for name in features} | {"embedding": {0: "batch"}}
    with torch.no_grad():
        torch.onnx.export(
            Whole().eval(), tuple(features.values()), str(file), input_names=list(features), output_names=["embedding"],
            dynamic_axes=axes, opset_version=OPSET, dynamo=False,
        )  # fmt: skip


def _optimised(file: Path) -> bytes:
    """The graph with its operators fused, in a form that suits every processor of this kind."""
    onnxruntime = quiet_onnxruntime()

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    target = file.with_suffix(".optimised.onnx")
    options.optimized_model_filepath = str(target)
    onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    return target.read_bytes()
