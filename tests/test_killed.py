"""A first build that is killed at any moment leaves nothing that a next start trips over."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import PATIENCE

from chatbot import CareerBot

ROUNDS = 20


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_build_killed_at_random_moments_is_mended_by_the_next_start(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "intents").mkdir()
    cache = tmp_path / "killed"
    command = [
        sys.executable,
        "-m",
        "chatbot",
        "--knowledge",
        str(folder),
        "--intents",
        str(tmp_path / "intents"),
    ]
    command += ["ask", "when do bakers get up"]
    environment = os.environ | {"CHATBOT_CACHE": str(cache)}

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment
        )

    begun = time.monotonic()
    start().communicate(timeout=PATIENCE)
    whole = time.monotonic() - begun
    rng = np.random.default_rng(4)
    for _ in range(ROUNDS):
        shutil.rmtree(cache, ignore_errors=True)
        process = start()
        time.sleep(rng.uniform(0, whole))
        process.kill()
        process.communicate()
        out, errors = start().communicate(timeout=PATIENCE)
        assert b"before sunrise" in out, errors
        assert b"Traceback" not in errors


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_writing_that_is_killed_leaves_the_old_file_or_the_new(bot: CareerBot, tmp_path: Path) -> None:
    code = """if True:
        import sys
        from pathlib import Path
        import numpy as np
        from chatbot import cachefile
        file = Path(sys.argv[1])
        print("ready", flush=True)
        for i in range(10**6):
            cachefile.write(file, "vectors", str(i).encode(), {"x": np.full(200_000, i, np.float32)})
    """
    from chatbot import cachefile

    file = tmp_path / "vectors-x.bin"
    rng = np.random.default_rng(1)
    for _ in range(5):
        process = subprocess.Popen([sys.executable, "-c", code, str(file)], stdout=subprocess.PIPE)
        assert process.stdout
        process.stdout.readline()
        time.sleep(rng.uniform(0.05, 0.3))
        process.kill()
        process.communicate()
        about, arrays = cachefile.read(file, "vectors") or (b"none", {})
        assert set(arrays["x"].tolist()) == {float(about)}
