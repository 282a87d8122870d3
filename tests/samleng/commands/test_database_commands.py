"""The database as whoever runs it meets it: copies that go elsewhere and come back, tampering, and what is in the way."""

import shutil
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from samleng.cli import main
from storage import away


class Folder:
    """An installation in a folder, and the commands run there."""

    def __init__(self, path: Path) -> None:
        self.path, self.database = path, path / "samleng.db"

    def run(self, *words: object) -> Result:
        """Run a command as it is typed."""
        return CliRunner().invoke(main, ["--config", str(self.path / "config.toml"), *map(str, words)])

    def refused(self, *words: object) -> str:
        """Run a command that must end with exit status 2 and a message, and return that."""
        done = self.run(*words)
        assert (done.exit_code, "Traceback" in done.output) == (2, False), done.output
        return done.output

    def edits(self, old: str, new: str) -> None:
        """Change the configuration."""
        config = self.path / "config.toml"
        text = config.read_text()
        assert old in text
        config.write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "here"
    folder = Folder(path)
    assert folder.run("init", "--yes").exit_code == 0
    assert folder.run("staff", "add", "--name", "Sok", "--level", "desk", "--phone", "012345678").exit_code == 0
    folder.edits("[web]", '[audit]\nhead_file = "heads/heads.txt"\n\n[web]')
    assert folder.run("sweep").exit_code == 0
    assert folder.run("db", "backup", path / "copy.db").exit_code == 0
    return path


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Folder:
    return Folder(Path(shutil.copytree(made, tmp_path / "here")))


def test_a_copy_comes_back_elsewhere_and_one_row_that_somebody_changes_is_found(folder: Folder) -> None:
    folder.database.unlink()
    assert "Run `samleng db upgrade`" in folder.run("db", "restore", folder.path / "copy.db", "--yes").output
    assert folder.database.stat().st_mode & 0o777 == 0o600
    assert folder.run("db", "upgrade").exit_code == 0
    assert "Sok" in folder.run("staff", "list").output
    whole = folder.run("db", "verify")
    assert (whole.exit_code, "0 faults" in whole.output, "Compared with 1 heads" in whole.output) == (0, True, True)
    with closing(sqlite3.connect(folder.database)) as changed, changed:
        changed.execute("UPDATE audit_entry SET actor = 'machine' WHERE seq = 2")
    found = folder.run("db", "verify")
    assert (found.exit_code, "entry 2: changed" in found.output) == (1, True)
    (folder.path / "heads" / "heads.txt").unlink()
    assert "A cut-off end would not be found" in folder.run("db", "verify").output


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE recipes (name TEXT)")


@pytest.mark.parametrize(
    ("damage", "said"),
    [(lambda path: path.write_bytes(b"x" * 9000), "no sound SQLite database"), (foreign, "no database of Samleng's")],
)
def test_what_is_no_copy_replaces_nothing(folder: Folder, damage: Callable[[Path], object], said: str) -> None:
    before = folder.database.read_bytes()
    damage(folder.path / "other.db")
    assert said in folder.refused("db", "restore", folder.path / "other.db", "--yes")
    assert folder.database.read_bytes() == before


def test_nothing_is_put_back_while_somebody_works_with_the_database(folder: Folder) -> None:
    with closing(sqlite3.connect(folder.database)) as working:
        working.execute("SELECT count(*) FROM staff").fetchone()
        assert "stop it" in folder.refused("db", "restore", folder.path / "copy.db", "--yes")
        working.execute("SELECT count(*) FROM staff").fetchone()
    assert sorted(each.name for each in folder.path.glob("*.db*") if "lock" not in each.name)[-1] == "samleng.db"
    assert folder.run("db", "restore", folder.path / "copy.db", "--yes").exit_code == 0


def test_a_damaged_database_is_named_and_put_back(folder: Folder) -> None:
    folder.database.write_bytes(b"x" * 9000)
    assert "damaged, or no database" in folder.refused("staff", "list")
    assert folder.run("db", "restore", folder.path / "copy.db", "--yes").exit_code == 0
    assert "Sok" in folder.run("staff", "list").output


def test_a_copy_is_never_written_over_or_left_half(folder: Folder) -> None:
    assert "is there already" in folder.refused("db", "backup", folder.path / "copy.db")
    assert "name a file" in folder.refused("db", "backup", folder.path / "no" / "copy.db")


def test_a_mistyped_database_is_named_and_none_is_made(folder: Folder) -> None:
    folder.edits("samleng.db", "samlneg.db")
    for words in (("staff", "list"), ("db", "upgrade"), ("run",)):
        assert "samlneg.db" in folder.refused(*words)
    assert not (folder.path / "samlneg.db").exists()


def test_a_taken_port_is_named_and_nothing_is_started(folder: Folder) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        folder.edits("port = 8080", f"port = {port}")
        said = folder.refused("run")
    assert f"port {port} already" in said
    assert "another port under [web]" in said


def test_a_database_of_a_later_version_is_left_alone(folder: Folder) -> None:
    with closing(sqlite3.connect(folder.database)) as later, later:
        later.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "bring the program up to date" in folder.refused("db", "upgrade")


def test_keys_of_another_installation_are_named(folder: Folder) -> None:
    shutil.rmtree(folder.path / "keys")
    other = folder.path / "other"
    assert Folder(other).run("init", "--yes").exit_code == 0
    shutil.move(other / "keys", folder.path / "keys")
    assert "put back the key file" in folder.refused("staff", "list")


@pytest.mark.parametrize(
    ("said", "what"),
    [
        (
            'connection failed: FATAL:  password authentication failed for user "samleng"',
            "refuses the user or the password",
        ),
        ('connection failed: FATAL:  database "samlneg" does not exist', "no database of that name"),
        ("connection failed: connection to server at 127.0.0.1 failed: Connection refused", "nothing answers"),
    ],
)
def test_servers_faults_are_told_in_words_that_quote_nobody(said: str, what: str) -> None:
    assert what in away.why(Exception(said)).what
    assert "samleng" not in away.why(Exception(said)).what
