"""The compiled encoder agrees with the reference, runs without torch, and survives whatever happens to its
file."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from conftest import PATIENCE

from chatbot import CareerBot, ChatbotError, CompiledEncoder, EncoderError, SentenceTransformerEncoder
from chatbot.encoders import compiling
from chatbot.encoders.artifact import Artifact, artifact_name, model_hash
from chatbot.encoders.encoder import Encoder, default_model_folder
from chatbot.encoders.session import thread_count

MIXED = [
    "how much do ml engineers make?",
    "",
    "?",
    "Wie geht's? 你好 🙂",
    "word " * 2000,
    "half a pair \ud83d",
]


@pytest.fixture(scope="session")
def reference() -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder()


@pytest.fixture
def copied(compiled: CompiledEncoder, cache: Path, tmp_path: Path) -> Path:
    """A cache folder of the test's own with the compiled encoder in it."""
    own = tmp_path / "cache"
    own.mkdir()
    file = cache / artifact_name(model_hash(default_model_folder(), cache))
    (own / file.name).write_bytes(file.read_bytes())
    return own


@pytest.fixture
def no_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("no such operator")

    monkeypatch.setattr(compiling, "_export", refuse)


def child(code: str, cache: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=PATIENCE, check=False,
        env=os.environ | {"CHATBOT_CACHE": str(cache)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_agrees_with_the_reference(
    compiled: CompiledEncoder, reference: SentenceTransformerEncoder
) -> None:
    assert isinstance(compiled, Encoder)
    fresh = [
        *MIXED[:-1],
        *(f"what about the {word} of it, really" for word in ["pay", "hours", "people", "tools", "future"]),
    ]
    vectors = compiled.encode(fresh)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(fresh), 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (vectors * reference.encode(fresh)).sum(axis=1).min() >= 0.98
    assert compiled.encode([]).shape == (0, 384)


def test_a_vector_does_not_depend_on_its_neighbours(compiled: CompiledEncoder) -> None:
    many = MIXED * 10
    together = compiled.encode(many)
    alone = np.stack([compiled.encode([text])[0] for text in MIXED])
    assert np.array_equal(together, np.tile(alone, (10, 1)))


def test_threads_get_what_one_caller_gets(compiled: CompiledEncoder) -> None:
    expected, found = compiled.encode(MIXED), []
    threads = [threading.Thread(target=lambda: found.append(compiled.encode(MIXED))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 6
    assert all(np.array_equal(vectors, expected) for vectors in found)


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import chatbot", ["numpy", "click", "msgspec", "logging"]),
        ("import chatbot.cli.repl", ["numpy", "yaml", "onnxruntime", "tokenizers"]),
        (
            "from chatbot import CareerBot\nassert CareerBot().ask('what does an ml engineer earn in germany?').kind == 'answer'",
            ["yaml", "sklearn", "scipy", "onnx", "prompt_toolkit", "py3langid", "importlib.metadata"],
        ),
    ],
    ids=["import", "conversation", "ask"],
)
def test_nothing_is_imported_that_is_not_used(
    code: str, absent: list[str], bot: CareerBot, cache: Path
) -> None:
    never = ["torch", "transformers", "sentence_transformers", "huggingface_hub", "matplotlib"]
    looked = f"{code}\nimport sys\nprint([name for name in {absent + never} if name in sys.modules])"
    assert child(looked, cache).strip() == "[]"


def test_vectors_of_the_reference_are_never_mixed_in(
    compiled: CompiledEncoder, reference: SentenceTransformerEncoder
) -> None:
    assert compiled.fingerprint[:16] != reference.fingerprint[:16]


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"",
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw + b"x",
        lambda raw: raw[:-1000] + bytes([raw[-1000] ^ 1]) + raw[-999:],
        lambda raw: raw[:40] + bytes([raw[40] ^ 1]) + raw[41:],
        lambda raw: b"something else of some length" * 99,
    ],
    ids=["empty", "cut", "longer", "a bit in the network", "a bit in the header", "foreign"],
)
def test_a_damaged_file_is_noticed(copied: Path, damage, caplog: pytest.LogCaptureFixture) -> None:
    (file,) = copied.glob("encoder-*.bin")
    model = model_hash(default_model_folder(), None)
    assert Artifact.read(file, model)
    file.write_bytes(damage(file.read_bytes()))
    with caplog.at_level(logging.WARNING):
        assert Artifact.read(file, model) is None
    assert "made anew" in caplog.text
    assert "\n" not in caplog.records[0].getMessage()


def test_a_file_of_another_model_is_not_used(copied: Path, caplog: pytest.LogCaptureFixture) -> None:
    (file,) = copied.glob("encoder-*.bin")
    with caplog.at_level(logging.WARNING):
        assert Artifact.read(file, "0" * 64) is None
    assert "another model" in caplog.text


@pytest.mark.slow
def test_two_first_starts_at_once_both_work_and_repair(copied: Path, compiled: CompiledEncoder) -> None:
    (file,) = copied.glob("encoder-*.bin")
    file.write_bytes(b"damaged")
    code = """if True:
        from chatbot.paths import cache_dir
        from chatbot import CompiledEncoder
        print(CompiledEncoder(cache=cache_dir()).fingerprint)
    """
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(child(code, copied).strip())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(200)
    assert found == [compiled.fingerprint] * 2
    assert [left.name for left in copied.glob("*.tmp")] == []
    assert Artifact.read(file, model_hash(default_model_folder(), None))


def test_a_cache_that_cannot_be_written_is_a_warning(
    tmp_path: Path,
    compiled: CompiledEncoder,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (artifact,) = [
        Artifact.read(file, model_hash(default_model_folder(), None)) for file in cache.glob("encoder-*.bin")
    ]
    monkeypatch.setattr(compiling, "compile_encoder", lambda *_: artifact)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        encoder = CompiledEncoder(cache=tmp_path / "file" / "cache")
        assert np.array_equal(encoder.encode(["a"]), compiled.encode(["a"]))
    assert "every start prepares all anew" in caplog.text


@pytest.mark.usefixtures("no_compiling")
def test_what_cannot_be_compiled_runs_as_it_is_and_says_so(
    tmp_path: Path, reference: SentenceTransformerEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        encoder = CompiledEncoder(cache=tmp_path)
        assert encoder.kind == "reference"
    (record,) = [record for record in caplog.records if record.name.startswith("chatbot")]
    assert "no such operator" in record.getMessage()
    assert "\n" not in record.getMessage()
    assert encoder.fingerprint == reference.fingerprint
    assert np.allclose(encoder.encode(["a", "bb"]), reference.encode(["a", "bb"]), atol=1e-6)
    assert list(tmp_path.glob("encoder-*")) == []


@pytest.mark.parametrize(
    ("bounds", "kind"), [({"int8": 1.1, "fp32": 0.9999}, "fp32"), ({"int8": 1.1, "fp32": 1.1}, "reference")]
)
def test_one_that_disagrees_is_not_used(
    tmp_path: Path,
    bounds: dict[str, float],
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(compiling, "LEAST", bounds)
    with caplog.at_level(logging.WARNING):
        assert CompiledEncoder(cache=tmp_path).kind == kind
        monkeypatch.setattr(compiling, "compile_encoder", None)
        assert CompiledEncoder(cache=tmp_path).kind == kind  # remembered: not tried at every start
    assert caplog.text.count("agrees with the original only to") == (2 if kind == "reference" else 0)


@pytest.mark.parametrize("change", [{"normalise": False}, {"pooling": "cls"}, {"longest": 16}], ids=str)
def test_a_models_own_modules_are_respected(
    tmp_path: Path, change: dict, reference: SentenceTransformerEncoder
) -> None:
    model = tmp_path / "model"
    (model / "1_Pooling").mkdir(parents=True)
    for file in default_model_folder().rglob("*"):
        if file.is_file():
            target = model / file.relative_to(default_model_folder())
            target.symlink_to(file) if file.suffix == ".safetensors" else target.write_bytes(
                file.read_bytes()
            )
    if change.get("normalise") is False:
        modules = json.loads((model / "modules.json").read_text("utf-8"))
        (model / "modules.json").write_text(json.dumps(modules[:2]), encoding="utf-8")
    if "pooling" in change:
        pooling = {
            "word_embedding_dimension": 384,
            "pooling_mode_cls_token": True,
            "pooling_mode_mean_tokens": False,
        }
        (model / "1_Pooling" / "config.json").write_text(json.dumps(pooling), encoding="utf-8")
    if "longest" in change:
        (model / "sentence_bert_config.json").write_text(
            json.dumps({"max_seq_length": change["longest"]}), encoding="utf-8"
        )
    changed, plain = CompiledEncoder(model, tmp_path), SentenceTransformerEncoder(model)
    assert changed.kind == "int8"
    text = "how much do people earn who train models for a living, " * 5
    assert float(changed.encode([text])[0] @ plain.encode([text])[0]) >= 0.98
    same = float(plain.encode([text])[0] @ reference.encode([text])[0]) > 0.999
    assert same == (change == {"normalise": False})


def test_the_weights_are_checked_before_compiling(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"sha256.*reinstall"):
        CompiledEncoder(cache=tmp_path, sha256="5" * 64).encode(["x"])
    with pytest.raises(EncoderError, match="can't be read"):
        CompiledEncoder(tmp_path / "none", tmp_path).encode(["x"])


def test_a_closed_encoder_says_so(copied: Path) -> None:
    encoder = CompiledEncoder(cache=copied)
    encoder.encode(["a"])
    encoder.close()
    with pytest.raises(ChatbotError, match="closed"):
        encoder.encode(["a"])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_answers(compiled: CompiledEncoder, cache: Path) -> None:
    code = """if True:
        import os, signal, threading, warnings
        warnings.simplefilter("ignore", DeprecationWarning)  # Python's own, of a fork with threads
        from chatbot.paths import cache_dir
        from chatbot import CompiledEncoder
        encoder = CompiledEncoder(cache=cache_dir(), threads=2)
        before = encoder.encode(["a question"] * 64)
        stop = threading.Event()
        busy = threading.Thread(target=lambda: [encoder.encode(["busy"] * 40) for _ in iter(stop.is_set, True)])
        busy.start()
        for _ in range(3):
            child = os.fork()
            if not child:
                signal.alarm(60)
                os._exit(0 if (encoder.encode(["a question"] * 64) == before).all() else 1)
            assert os.waitpid(child, 0)[1] == 0
        stop.set()
        busy.join()
        print("well")
    """
    assert child(code, cache).strip() == "well"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_bot_that_is_being_asked_survives_forks(bot: CareerBot, cache: Path) -> None:
    code = """if True:
        import os, signal, threading, warnings
        warnings.simplefilter("ignore", DeprecationWarning)
        from chatbot import CareerBot
        bot = CareerBot()
        stop = threading.Event()
        busy = [threading.Thread(target=lambda: [bot.ask("is it stressful?") for _ in iter(stop.is_set, True)]) for _ in range(2)]
        for thread in busy:
            thread.start()
        for _ in range(8):
            child = os.fork()
            if not child:
                signal.alarm(60)
                os._exit(0 if bot.ask("ml salary in germany").kind == "answer" else 1)
            assert os.waitpid(child, 0)[1] == 0
        stop.set()
        for thread in busy:
            thread.join()
        print("well")
    """
    assert child(code, cache).strip() == "well"


def test_the_number_of_threads_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHATBOT_THREADS", raising=False)
    assert 1 <= thread_count() <= 4
    monkeypatch.setenv("CHATBOT_THREADS", "7")
    assert thread_count() == 7
    for wrong in ("0", "many", "-1", "²"):
        monkeypatch.setenv("CHATBOT_THREADS", wrong)
        with pytest.raises(EncoderError, match="whole number from 1"):
            thread_count()


def test_progress_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    assert CompiledEncoder(cache=tmp_path, progress=lambda done, total: told.append((done, total))).encode(
        ["a"]
    ).shape == (1, 384)
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1]
    assert told == sorted(told)
