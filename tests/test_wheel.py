"""A wheel, built and used from another folder with an empty HOME."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from conftest import PATIENCE, ROOT


def test_the_wheel_holds_the_knowledge_and_answers_from_anywhere(tmp_path: Path, cache: Path, bot) -> None:
    dist = tmp_path / "dist"
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(dist), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=PATIENCE)
    (wheel,) = dist.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"chatbot/py.typed", "chatbot/resources/probes.json", "chatbot/resources/ranker.json"} <= set(
        names
    )
    assert {"chatbot/resources/rules.yaml", "chatbot/resources/schema/topic.schema.json"} <= set(names)
    assert "chatbot/data/knowledge/sources.yaml" in names
    assert "chatbot/data/intents/smalltalk.yaml" in names
    assert not any(name.startswith(("tests", "knowledge", "scripts")) for name in names)

    site = tmp_path / "site"
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(site),
        str(wheel),
    ]
    subprocess.run(install, check=True, capture_output=True, timeout=PATIENCE)
    (tmp_path / "elsewhere").mkdir()
    code = (
        "import chatbot, sys; assert chatbot.__file__.startswith(sys.argv[1]), chatbot.__file__\n"
        "print(chatbot.CareerBot().ask('ml salary in germany').text)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(site)],
        cwd=tmp_path / "elsewhere", env=os.environ | {"PYTHONPATH": str(site)}, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert "€53,202" in done.stdout, done.stderr
