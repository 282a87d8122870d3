"""Samleng's commands as real processes, forked from one that has everything imported: a start takes milliseconds.

What an interpreter of its own costs and does is seen where `python -m samleng` is run: in `benchmarks/start.py`, and in
one test of the whole.
"""

import multiprocessing
import os
import signal
import sys
from pathlib import Path

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.support.preloaded"])


class Running:
    """A command that runs."""

    def __init__(self, words: tuple[str, ...], *, folder: Path, environ: dict[str, str], out: Path, err: Path) -> None:
        for each in (out, err):
            each.touch()
        self._process = _FORKS.Process(target=_become, args=(words, folder, environ, out, err), daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        """Return its process id."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Return its exit status, or None while it runs."""
        return self._process.exitcode

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self._process.kill()

    def ask_to_stop(self) -> None:
        """Ask it to stop, as systemd does."""
        self._process.terminate()

    def wait(self, patience_s: float | None = None) -> int:
        """Wait for its end and return its exit status. Raises `TimeoutError`."""
        self._process.join(patience_s)
        if self._process.exitcode is None:
            raise TimeoutError(f"process {self.pid} does not end")
        return self._process.exitcode


def _become(words: tuple[str, ...], folder: Path, environ: dict[str, str], out: Path, err: Path) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    for number, path in ((1, out), (2, err)):
        opened = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    from samleng.cli import main

    sys.argv = ["samleng", *words]
    main(prog_name="samleng")
