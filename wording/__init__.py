"""What the system says: a message key and values become a text in Khmer, Lao or English, from gettext catalogs."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from domain.reading import Language


class UnknownWording(LookupError):
    """A key that a catalog does not have, or a value that the text asks for and was not given."""


def say(key: str, language: Language | str, /, **values: object) -> str:
    """Return the text of a key in a language, with its placeholders filled in.

    Raises `UnknownWording` where the catalog lacks the key or the text asks for a value that was not given: a missing
    translation is a fault, never another language in silence.
    """
    try:
        return texts(Language(language))[key].format_map(values)
    except KeyError as missing:
        raise UnknownWording(f"{key} in {language}: {missing}") from missing


@cache
def texts(language: Language) -> Mapping[str, str]:
    """Return all texts of a language by key."""
    return {str(each.id): str(each.string) for each in catalog(language) if each.id and each.string}


@cache
def catalog(language: Language) -> Catalog:
    """Return a language's catalog."""
    source = files(__name__) / "catalogs" / f"{language.value}.po"
    with source.open("rb") as stream:
        return read_po(stream, locale=language.value)
