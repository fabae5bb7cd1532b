"""Vectors are kept, checked, and made again where the file can't be trusted."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import PATIENCE

from chatbot import CareerBot, EncoderError, SentenceTransformerEncoder
from chatbot.encoders.encoder import default_model_folder
from chatbot.encoders.vectors import encode_cached


class Counting:
    """An encoder that says what it was asked for."""

    fingerprint = "0123456789abcdef"

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts):
        self.seen += texts
        return np.array([[len(text), 1.0, 0.0] for text in texts], np.float32)


def only(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_only_new_texts_are_encoded(tmp_path: Path) -> None:
    encoder = Counting()
    first = encode_cached(["a", "bb", "a"], encoder, tmp_path)
    second = encode_cached(["bb", "ccc"], encoder, tmp_path)
    assert encoder.seen == ["a", "bb", "ccc"]
    assert first[:, 0].tolist() == [1, 2, 1]
    assert second[:, 0].tolist() == [2, 3]


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]),
        lambda raw: b"",
        lambda raw: b"x" * 99,
    ],
)
def test_a_damaged_file_is_made_again(tmp_path: Path, damage, caplog: pytest.LogCaptureFixture) -> None:
    encoder = Counting()
    encode_cached(["a", "bb"], encoder, tmp_path)
    file = only(tmp_path)
    file.write_bytes(damage(file.read_bytes()))
    with caplog.at_level(logging.WARNING):
        assert encode_cached(["a", "bb"], encoder, tmp_path)[:, 0].tolist() == [1, 2]
    assert "it is made anew" in caplog.text
    assert encoder.seen == ["a", "bb"] * 2
    encode_cached(["a", "bb"], encoder, tmp_path)
    assert len(encoder.seen) == 4


def test_a_folder_that_cannot_be_written_is_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert len(encode_cached(["a"], Counting(), tmp_path / "file" / "cache")) == 1
    assert "every start prepares all anew" in caplog.text


def test_a_full_disk_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert len(encode_cached(["a"], Counting(), tmp_path)) == 1
    assert list(tmp_path.iterdir()) == []
    assert "No space left" in caplog.text


def test_an_encoder_that_gives_nonsense_is_refused(tmp_path: Path) -> None:
    class Bad:
        def encode(self, texts):
            return np.full((len(texts), 2), np.nan, np.float32)

    with pytest.raises(EncoderError, match="expected finite"):
        encode_cached(["a"], Bad(), tmp_path)


def test_two_first_starts_at_once_both_answer(folder: Path, tmp_path: Path) -> None:
    intents = tmp_path / "intents"
    intents.mkdir()
    command = [
        sys.executable,
        "-m",
        "chatbot",
        "--knowledge",
        str(folder),
        "--intents",
        str(intents),
        "ask",
        "when do bakers get up",
    ]
    environment = os.environ | {"CHATBOT_CACHE": str(tmp_path / "fresh")}
    started = [
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment
        )
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=PATIENCE) for process in started]
    assert [process.returncode for process in started] == [0, 0], outputs
    assert all(b"before sunrise" in out for out, _ in outputs)


def test_weights_of_another_hash_are_refused_in_one_line(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    for file in default_model_folder().iterdir():
        if file.is_file() and file.name != "model.safetensors":
            (model / file.name).write_bytes(file.read_bytes())
    (model / "model.safetensors").write_bytes(b"not the weights")
    with pytest.raises(EncoderError, match=r"sha256.*reinstall") as caught:
        CareerBot(encoder=SentenceTransformerEncoder(model, sha256="5" * 64), cache=None)
    assert "\n" not in str(caught.value)
    with pytest.raises(EncoderError, match="can't be read"):
        SentenceTransformerEncoder(tmp_path / "none").encode(["x"])
