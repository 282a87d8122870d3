"""Where a wish about oneself goes: one's name, one's data, what is sent to many, or that somebody else holds the phone."""

from domain.reading import Reading
from handlers.conversation import bulk_wishes, privacy
from handlers.conversation.asking import shared_phone
from handlers.conversation.talk import Talk
from understanding.wishes.bulk_wishes import BulkWish, bulk_wish
from understanding.wishes.own_wishes import OwnWish, own_wish

_OF_ONE = frozenset({OwnWish.SHOW_NAME, OwnWish.ERASE, *BulkWish})
"""What concerns one person alone of those who share a phone. To hide a name more than once harms nobody."""


def wished(talk: Talk, reading: Reading) -> bool:
    """Do what somebody wishes in a whole text; False where it is no such wish.

    Where several share the phone and none of them used it this hour, it is asked first who wishes it.
    """
    wish = own_wish(talk.text) or bulk_wish(talk.text)
    if wish is None:
        return False
    if wish not in _OF_ONE or not shared_phone.ask_who_wishes(talk, wish.value, reading):
        handle(talk, reading, wish)
    return True


def named(value: str) -> OwnWish | BulkWish:
    """Return a wish by its name."""
    return BulkWish(value) if value in set(BulkWish) else OwnWish(value)


def handle(talk: Talk, reading: Reading | None, wish: OwnWish | BulkWish) -> None:
    """Do what is wished, and say so."""
    match wish:
        case OwnWish.HIDE_NAME:
            privacy.hide_name(talk)
        case OwnWish.SHOW_NAME:
            privacy.show_name(talk)
        case OwnWish.WHAT_KEPT:
            privacy.tell_what_is_kept(talk)
        case OwnWish.ERASE:
            privacy.wish_erasure(talk, reading)
        case OwnWish.OTHER_PERSON:
            shared_phone.another_person(talk, reading)
        case BulkWish():
            bulk_wishes.handle(talk, wish)
