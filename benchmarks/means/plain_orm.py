"""The plain way of doing the same, kept as a reference: one ORM transaction a message, without product around it.

It knows a repeat, makes person and case, adds an event and the reply in the outbox, and commits once. It reads no text,
checks no signature, encrypts nothing, and has one server in common with the product. As a program it takes the
database's address, a port, and how many people and cases to begin with.
"""

import sys
from datetime import UTC, datetime

from flask import Flask, Response, request
from sqlalchemy import ForeignKey, String, Text, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from waitress import serve

from storage.store import BUSY_TIMEOUT_S, driver_url

_THREADS = 8


class Base(DeclarativeBase):
    """The base of the reference's own tables."""


class Message(Base):
    """What came in, unique by the provider's id."""

    __tablename__ = "plain_message"
    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("plain_person.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("plain_case.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Person(Base):
    """Who writes."""

    __tablename__ = "plain_person"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)


class Case(Base):
    """What somebody wrote about."""

    __tablename__ = "plain_case"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("plain_person.id"), index=True)
    status: Mapped[str] = mapped_column(String(16), index=True)
    updated_at: Mapped[datetime]


class Event(Base):
    """What happened to a case."""

    __tablename__ = "plain_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("plain_case.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]


class Reply(Base):
    """What is to be sent."""

    __tablename__ = "plain_outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(index=True)


def receive(session: Session, provider_id: str, number: str, words: str) -> None:
    """Store a message with all that follows from it, once."""
    if session.scalar(select(Message).where(Message.provider_id == provider_id)) is not None:
        return
    now = datetime.now(UTC).replace(tzinfo=None)
    person = session.scalar(select(Person).where(Person.number == number))
    if person is None:
        person = Person(number=number)
        session.add(person)
        session.flush()
    going_on = select(Case).where(Case.person_id == person.id, Case.status == "open")
    case = session.scalar(going_on.order_by(Case.id.desc()).limit(1))
    if case is None:
        case = Case(person_id=person.id, status="open", updated_at=now)
        session.add(case)
        session.flush()
    case.updated_at = now
    session.add(Message(provider_id=provider_id, person_id=person.id, case_id=case.id, text=words, at=now))
    session.add(Event(case_id=case.id, kind="message", at=now))
    session.add(Reply(number=number, text=f"{case.id}: {words}", due_at=now))
    session.commit()


def create_app(sessions: sessionmaker[Session]) -> Flask:
    """Return the application."""
    app = Flask("plain")

    @app.post("/sms/plain/receive")
    def took() -> Response:
        with sessions() as session:
            receive(session, request.form["MessageSid"], request.form["From"], request.form["Body"])
        return Response("<Response/>", mimetype="text/xml")

    @app.get("/readyz")
    def ready() -> str:
        return "ok"

    return app


def opened(url: str) -> sessionmaker[Session]:
    """Return sessions on a database with the settings that the product asks for, its tables made."""
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S}, pool_size=20)

        @event.listens_for(engine, "connect")
        def prepare(connection, _record):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            connection.isolation_level = None
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")

        @event.listens_for(engine, "begin")
        def begin(connection):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        engine = create_engine(driver_url(url), pool_size=20)
    Base.metadata.create_all(engine)
    return sessionmaker(engine, expire_on_commit=False)


def fill(sessions: sessionmaker[Session], people: int) -> None:
    """Make as many people and cases as the product has."""
    now = datetime.now(UTC).replace(tzinfo=None)
    with sessions() as session:
        made = [Person(number=f"+85510{n:06}") for n in range(people)]
        session.add_all(made)
        session.flush()
        session.add_all(Case(person_id=each.id, status="closed", updated_at=now) for each in made)
        session.commit()


if __name__ == "__main__":
    address, port, people_before = sys.argv[1:]
    found = opened(address)
    fill(found, int(people_before))
    serve(create_app(found), host="127.0.0.1", port=int(port), threads=_THREADS, ident=None)
