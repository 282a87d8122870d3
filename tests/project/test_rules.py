"""Rules that the project keeps for itself: no secret or address of a registry in a file, and files that one can hold in mind."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    if (ROOT / name).is_file()
]
PYTHON = [path for path in FILES if path.suffix == ".py"]
ROOMS = (
    "samleng",
    "bot",
    "sms_gateway",
    "console",
    "worker",
    "handlers",
    "storage",
    "understanding",
    "wording",
    "domain",
)


def test_no_file_names_a_registry() -> None:
    registry = re.compile(
        rb"https?://[^\s\"']*(?:pypi|pythonhosted|npmjs|/simple/)|--(?:extra-)?index-url +http|--find-links"
    )
    named = [path.name for path in FILES if path != Path(__file__) and registry.search(path.read_bytes())]
    assert named == []


@pytest.mark.parametrize("path", [p for p in PYTHON if p.relative_to(ROOT).parts[0] in ROOMS], ids=str)
def test_a_file_opens_with_what_lives_in_it(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(source)), "no opening sentence"
    assert len(source.splitlines()) <= 400 or "migrations" in path.parts, "too long to hold in mind"


def test_the_lock_file_pins_everything_with_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "http" not in re.sub(r"^\s*#.*$|httpx|httpcore|aiohttp\S*", "", lock, flags=re.MULTILINE)
    packages = re.findall(r"^[a-zA-Z0-9_.-]+==\S+", lock, flags=re.MULTILINE)
    assert len(packages) > 40
    assert lock.count("--hash=sha256:") >= len(packages)
