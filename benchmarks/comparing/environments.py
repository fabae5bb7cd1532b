"""A virtual environment for each system, made on demand from its pinned requirements."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parents[1]
ROOT = BENCHMARKS.parent
ENVIRONMENTS = BENCHMARKS / ".envs"
OURS = "chatbot"


class NotInstalled(Exception):  # noqa: N818 - caught where the systems are listed
    """Why a system could not be installed, in a line."""


@dataclass(frozen=True)
class Environment:
    """A system's interpreter and commands."""

    name: str

    @property
    def folder(self) -> Path:
        return ENVIRONMENTS / self.name

    @property
    def peer(self) -> Path:
        return BENCHMARKS / "peers" / self.name / "peer.py"

    @property
    def requirements(self) -> Path:
        return self.peer.with_name("requirements.txt")

    def command(self, name: str = "python") -> str:
        """The full path of a program in the environment."""
        return str(self.folder / "bin" / name)

    def make(self) -> None:
        """Make the environment unless it is there with these requirements; raises ``NotInstalled``."""
        stamp = self.folder / ".made"
        wanted = json.dumps([self._hash(), sys.version])
        if not stamp.is_file() or json.loads(stamp.read_text())["wanted"] != wanted:
            print(
                f"installing {self.name} into {self.folder.relative_to(ROOT)} ...",
                file=sys.stderr,
                flush=True,
            )
            shutil.rmtree(self.folder, ignore_errors=True)
            self._run([sys.executable, "-m", "venv", str(self.folder)])
            empty = self._bytes()
            self._pip("-r", str(self.requirements))
            stamp.write_text(json.dumps({"wanted": wanted, "empty": empty}))
        if self.name == OURS:  # always as the source is now
            self._pip("--no-deps", "--force-reinstall", ".")

    def megabytes(self) -> float:
        """What was installed, on the disk, without what a new environment holds (pip itself)."""
        empty = json.loads((self.folder / ".made").read_text())["empty"]
        return (self._bytes() - empty) / 1e6

    def packages(self) -> dict[str, str]:
        """Names and versions of what is installed."""
        listed = subprocess.run(
            [self.command(), "-m", "pip", "list", "--format=json"], check=True, capture_output=True, text=True
        )
        return {
            package["name"].lower().replace("_", "-"): package["version"]
            for package in json.loads(listed.stdout)
        }

    def _hash(self) -> str:
        files = [
            self.requirements,
            *([ROOT / "constraints.txt", ROOT / "pyproject.toml"] if self.name == OURS else []),
        ]
        return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()

    def _bytes(self) -> int:
        packages = next((self.folder / "lib").glob("python*/site-packages"))
        # as du counts, without folders
        return sum(
            os.lstat(Path(folder, name)).st_blocks * 512
            for folder, _, names in os.walk(packages)
            for name in names
        )

    def _pip(self, *arguments: str) -> None:
        self._run(
            [self.command(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
        )

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            said = (
                [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
                or done.stderr.splitlines()
                or ["no message"]
            )
            raise NotInstalled(said[0][:300])
