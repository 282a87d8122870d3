"""Files of questions and answers: reading one whole, so that all its faults are told by entry and field."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.reading import Category, Language
from handlers.faq import too_long_by
from samleng.files.projects import ConfigFaults, Fault, faults_of, read_toml
from storage.queries.faq import FaqText

_FEWEST = 3
"""With fewer examples of how people ask, an entry is hardly ever found."""
_MISSING = "name a file with [[faq]] tables; those that come with the program are in samleng/project_files"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class _Words(_Frozen):
    questions: tuple[str, ...] = ()
    answer: str = ""


class _Entry(_Frozen):
    code: str = Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")
    category: Category
    km: _Words = _Words()
    lo: _Words = _Words()
    en: _Words = _Words()

    def given(self) -> list[tuple[Language, _Words]]:
        """Return the languages that anything was written in, with what was."""
        return [(each, words) for each in Language if (words := getattr(self, each.value)) != _Words()]


class _File(_Frozen):
    faq: tuple[_Entry, ...] = Field(min_length=1)


def faq_path(project: Path) -> Path:
    """Return where a project file's questions and answers are, if it has any: `leap_faq.toml` beside `leap.toml`."""
    return project.with_name(f"{project.stem}_faq.toml")


def faq_of(project: Path) -> list[FaqText]:
    """Return the entries that belong to a project file; none where there is no such file. Raises `ConfigFaults`."""
    path = faq_path(project)
    return read_faq(path) if path.exists() else []


def read_faq(path: Path) -> list[FaqText]:
    """Read a file of questions and answers. Raises `ConfigFaults` with every fault of the file at once."""
    raw = read_toml(path, _MISSING)
    try:
        entries = _File.model_validate(raw).faq
    except ValidationError as error:
        raise ConfigFaults(path, [_named(each, raw.get("faq")) for each in faults_of(error, _File)]) from None
    faults = [*_repeated(entries), *(fault for each in entries for fault in _faults_in(each))]
    if faults:
        raise ConfigFaults(path, faults)
    return [FaqText(each.code, each.category, _plain(each)) for each in entries]


def _repeated(entries: tuple[_Entry, ...]) -> Iterator[Fault]:
    for code, times in Counter(each.code for each in entries).items():
        if times > 1:
            yield Fault(f"{code}.code", f"{times} entries have this code", "give each entry a code of its own")


def _faults_in(entry: _Entry) -> Iterator[Fault]:
    if not entry.given():
        yield Fault(entry.code, "it has no words", "add km, lo or en, each with questions and an answer")
    for language, words in entry.given():
        key = f"{entry.code}.{language}"
        if len([each for each in words.questions if each]) < _FEWEST:
            yield Fault(f"{key}.questions", f"there are fewer than {_FEWEST} examples", "add other ways of asking")
        over = too_long_by(words.answer, language)
        if not words.answer:
            yield Fault(f"{key}.answer", "is missing", "write what people are answered")
        elif over:
            what = f"with the question after it, it is {over} characters longer than two SMS"
            yield Fault(f"{key}.answer", what, f"leave out at least {over}")


def _named(fault: Fault, tables: object) -> Fault:
    """Return a fault with the entry's code in place of its number, where it has one."""
    if not isinstance(tables, list):
        return fault
    for number, table in enumerate(tables):
        code = table.get("code") if isinstance(table, dict) else None
        place = f"faq[{number}]"
        if isinstance(code, str) and code and fault.key.startswith(place):
            return Fault(f"{place} {code}{fault.key.removeprefix(place)}", fault.what, fault.remedy)
    return fault


def _plain(entry: _Entry) -> dict[str, dict[str, object]]:
    return {
        language.value: {"questions": [each for each in words.questions if each], "answer": words.answer}
        for language, words in entry.given()
    }
