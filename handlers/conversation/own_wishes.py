"""Where a wish about oneself goes: one's name, one's data, or that somebody else holds the phone."""

from domain.reading import Reading
from handlers.conversation import privacy
from handlers.conversation.asking import shared_phone
from handlers.conversation.talk import Talk
from understanding.wishes.own_wishes import OwnWish


def handle(talk: Talk, reading: Reading, wish: OwnWish) -> None:
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
