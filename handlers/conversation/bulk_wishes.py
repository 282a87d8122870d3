"""No surveys, no reminders of money: each wished for by itself, and taken back the same way; STOP stays apart."""

from handlers.conversation.talk import Talk
from storage.queries import audit
from storage.queries.persons import people, questions
from storage.queries.sending import batches
from understanding.wishes.bulk_wishes import BulkWish

_SET: dict[BulkWish, tuple[str, bool, str]] = {
    BulkWish.NO_SURVEYS: ("surveys", False, "surveys_off"),
    BulkWish.SURVEYS: ("surveys", True, "surveys_on"),
    BulkWish.NO_MONEY: ("money_reminders", False, "money_off"),
    BulkWish.MONEY: ("money_reminders", True, "money_on"),
}
"""Which flag of a person each wish sets, to what, and what she is told."""


def handle(talk: Talk, wish: BulkWish) -> None:
    """Do what is wished, withdraw what waits of it for her, and say so."""
    column, wanted, said = _SET[wish]
    talk = talk.with_person()
    assert talk.contact.person_id is not None
    talk.keep()
    people.change(talk.tx, talk.contact.person_id, **{column: wanted})
    if not wanted:
        batches.withdraw_hers(talk.tx, talk.contact.person_id, surveys=column == "surveys")
    if wish is BulkWish.NO_SURVEYS:
        opened = questions.open_of(talk.tx, talk.contact.id)
        if opened is not None and opened.kind in ("survey", "take_up"):
            questions.end_open(talk.tx, talk.contact.id, "replaced")
    audit.add(talk.tx, f"person.{wish.value}", actor="person", now=talk.now, data={"contact": talk.contact.id})
    talk.tell(said)
