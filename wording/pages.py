"""What the staff's pages say, in catalogs of their own: pages have room, messages have two SMS segments."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from domain.reading import Language
from wording import UnknownWording


def page(key: str, language: Language | str, /, **values: object) -> str:
    """Return the text of a key of the pages in a language. Raises `UnknownWording` like `wording.say`."""
    try:
        return page_texts(Language(language))[key].format_map(values)
    except KeyError as missing:
        raise UnknownWording(f"{key} in {language}: {missing}") from missing


@cache
def page_texts(language: Language) -> Mapping[str, str]:
    """Return all texts of the pages in a language by key."""
    return {str(each.id): str(each.string) for each in page_catalog(language) if each.id and each.string}


@cache
def page_catalog(language: Language) -> Catalog:
    """Return the pages' catalog of a language."""
    source = files("wording") / "catalogs" / f"pages_{language.value}.po"
    with source.open("rb") as stream:
        return read_po(stream, locale=language.value)
