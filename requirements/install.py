"""Set-up: finds or fetches uv and both interpreters, and makes the two environments match their locks.

Run by `make`; needs nothing but a Python ≥ 3.8. Doing nothing takes under a second: each environment keeps a
stamp with the digest of the lock it was built from.

    python requirements/install.py run     # what the product needs: bot, backend
    python requirements/install.py test    # … and what its tests need: pytest, Chromium
    python requirements/install.py uv      # print the path of uv, fetching it if needed
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ROOT / ".venv"
LOCKS = ROOT / "requirements"
PYTHONS = {"bot": "3.10", "backend": "3.12"}
UV_VERSION = "0.13.9"
# What a start loads; compiled once at set-up, it need not be compiled at every start of a machine that keeps no bytecode.
LOADED = {"bot": "rasa.model_training, rasa.core.agent, rasa_sdk.executor, sklearn.svm, sanic"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class SetupFailed(Exception):
    """Set-up cannot go on; the message says what the person should do."""


def say(sentence: str) -> None:
    print(f"▸ {sentence}", file=sys.stderr, flush=True)


def executable(environment: Path, name: str) -> Path:
    return environment / ("Scripts" if os.name == "nt" else "bin") / name


def uv() -> str:
    """Path of a uv that works: the one on PATH, else one in a tools environment of our own."""
    if found := shutil.which("uv"):
        return found
    tools = ENVIRONMENTS / "tools"
    if not executable(tools, "uv").exists():
        say("fetching uv into .venv/tools")
        subprocess.run([sys.executable, "-m", "venv", str(tools)], check=True)
        subprocess.run(
            [str(executable(tools, "python")), "-m", "pip", "install", "--quiet", f"uv=={UV_VERSION}"],
            check=True,
        )
    return str(executable(tools, "uv"))


def answers_with(python: str, version: str) -> bool:
    """True if `python` starts and is that minor version: pyenv's shims exist and do not answer."""
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", question], capture_output=True, text=True, timeout=30)
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == version


def interpreter(version: str) -> str:
    """Path of a Python of that minor version: PATH, then pyenv's folder, then whatever uv can fetch."""
    on_path = shutil.which(f"python{version}")
    if on_path and answers_with(on_path, version):
        return on_path
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for candidate in sorted(pyenv.glob(f"{version}.*/bin/python{version}"), reverse=True):
        if answers_with(str(candidate), version):
            return str(candidate)
    say(f"no Python {version} on PATH or under {pyenv}; asking uv for one")
    subprocess.run([uv(), "python", "install", version], check=False)
    found = subprocess.run([uv(), "python", "find", version], capture_output=True, text=True)
    if found.returncode == 0 and answers_with(found.stdout.strip(), version):
        return found.stdout.strip()
    raise SetupFailed(
        f"Python {version} is missing. Install it (Debian: apt install python{version} python{version}-venv; "
        f"anywhere: uv python install {version} or pyenv install {version}) and run the command again."
    )


def sync(name: str, locks: list[Path]) -> None:
    """Make environment `name` hold exactly what the locks say."""
    environment = ENVIRONMENTS / name
    stamp = environment / f".{locks[-1].stem}.sha256"
    digest = hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    began = time.monotonic()
    say(f"installing {', '.join(lock.name for lock in locks)} into .venv/{name}")
    if not executable(environment, "python").exists():
        subprocess.run(
            [uv(), "venv", "--quiet", "--python", interpreter(PYTHONS[name]), str(environment)], check=True
        )
    command = [uv(), "pip", "install", "--require-hashes", "--python", str(executable(environment, "python"))]
    command += ["--build-constraints", str(LOCKS / "build-constraints.txt")]
    for lock in locks:
        command += ["-r", str(lock)]
    if subprocess.run(command, check=False).returncode:
        raise SetupFailed(
            f"installing .venv/{name} failed; the lines above say why. Running the command again resumes."
        )
    compile_once(name)
    stamp.write_text(digest)
    say(f".venv/{name} is ready ({time.monotonic() - began:.0f} s)")


def compile_once(name: str) -> None:
    """Leave bytecode of what a start loads beside it, also where PYTHONDONTWRITEBYTECODE is set: 8 s less per start of Rasa."""
    if name in LOADED:
        writing = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        python = str(executable(ENVIRONMENTS / name, "python"))
        subprocess.run(
            [python, "-W", "ignore", "-c", f"import {LOADED[name]}"],
            env={**writing, "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"},
            check=True,
        )


def chromium() -> str:
    """Path of a Chromium for the browser tests; installs Debian's when it may."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        say("installing Debian's chromium for the browser tests")
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=True, stdout=subprocess.DEVNULL)
        if found := shutil.which("chromium"):
            return found
    raise SetupFailed(
        "The browser tests need Chromium and none is on PATH. Install it (Debian: sudo apt install chromium; "
        "macOS: brew install --cask chromium) and run the command again."
    )


def main(purpose: str) -> int:
    try:
        if purpose == "uv":
            print(uv())
            return 0
        for name in PYTHONS:
            locks = [LOCKS / f"{name}.txt"]
            sync(name, locks)
            if purpose == "test":
                sync(name, [*locks, LOCKS / f"dev-{name}.txt"])
        if purpose == "test":
            chromium()
    except SetupFailed as failure:
        print(f"\nSet-up stopped: {failure}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as failure:
        print(f"\nSet-up stopped: `{' '.join(map(str, failure.cmd))}` failed; see above.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "run"))
