"""How much each benchmark measures: whole, quick, and as little as shows that it runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """The bounds of a run. Durations are in seconds; `people` is how many people, each with a case, are there before."""

    people: int = 20_000
    clients: tuple[int, ...] = (1, 8, 32)
    seconds: float = 6.0
    warm_up: float = 1.0
    answers: int = 150
    starts: int = 5
    settle: float = 1.0
    rest: float = 6.0
    readings: int = 400
    every_message: int = 1
    waiting: int = 100_000
    workers: tuple[int, ...] = (1, 4)
    open_cases: int = 200_000
    due_cases: int = 2_000
    addressees: int = 1_000_000
    list_rows: int = 100_000
    days: int = 365


WHOLE = Sizes()
QUICK = Sizes(people=5_000, seconds=2.0, warm_up=0.5, answers=40, starts=2, rest=3.0, readings=200, every_message=4,
              waiting=20_000, open_cases=20_000, due_cases=300,
              list_rows=10_000, days=60, addressees=50_000)  # fmt: skip
TINY = Sizes(people=12, clients=(2,), seconds=0.25, warm_up=0.0, answers=3, starts=1, settle=0.1, rest=0.1, readings=5,
             every_message=60, waiting=500, workers=(1,), open_cases=200, due_cases=5, list_rows=300,
             days=7, addressees=1_000)  # fmt: skip
