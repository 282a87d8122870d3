"""What a text is taken to mean: the closed sets of languages, intents and categories, and the `Reading` they make up."""

from dataclasses import dataclass, field
from enum import StrEnum


class Language(StrEnum):
    """A language that the system reads and writes, by its ISO 639-1 code."""

    KM = "km"
    LO = "lo"
    EN = "en"


class Script(StrEnum):
    """How a language was typed: in its own letters, or Khmer and Lao spelled in Latin ones."""

    NATIVE = "native"
    LATIN = "latin"


class Intent(StrEnum):
    """What the sender wants with the text."""

    COMPLAINT = "complaint"
    QUESTION = "question"
    FEEDBACK = "feedback"
    STATUS = "status"
    HUMAN = "human"
    HELP = "help"
    LANGUAGE = "language"
    STOP = "stop"
    START = "start"
    YES = "yes"
    NO = "no"
    GREETING = "greeting"
    UNCLEAR = "unclear"


class Category(StrEnum):
    """What a complaint, a question or a piece of feedback is about."""

    PAYMENT_MISSING = "payment_missing"
    PAYMENT_AMOUNT = "payment_amount"
    PAYMENT_ACCESS = "payment_access"
    PAYMENT_DATE = "payment_date"
    ELIGIBILITY = "eligibility"
    REGISTRATION = "registration"
    STAFF_CONDUCT = "staff_conduct"
    CORRUPTION = "corruption"
    ABUSE = "abuse"
    SAVINGS_GROUP = "savings_group"
    INFRASTRUCTURE = "infrastructure"
    LAND_ENVIRONMENT = "land_environment"
    HEALTH_NUTRITION = "health_nutrition"
    LABOUR = "labour"
    MEETING = "meeting"
    OTHER = "other"


CATEGORY_INTENTS = frozenset({Intent.COMPLAINT, Intent.QUESTION, Intent.FEEDBACK})
"""The intents that have a category; every other reading has none."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One text, read.

    `confidence` is the probability, 0 to 1, that the intent is right. `categories` are the likeliest, best first;
    `unsure_category` says that the first of them may well be wrong, `secondary` is a second matter in the same text.

    `sensitive` is decided on its own, whatever the intent; `sensitive_reason` holds the words that fired, for a focal
    point's eyes only. `unsure_sensitive` marks a text that may hint at abuse: the desk reads it before anybody in the
    area does. `reference` is normalised (`LP-7K3M-9Q`) and given even where its check character fails;
    `reference_valid` says whether it holds. `named_posts` are the ladder levels whose holders the text speaks of ("the
    commune chief" names `commune`). `afraid` marks a text that speaks of fear or punishment, for the STOP that must not
    be confirmed.
    """

    language: Language
    script: Script
    intent: Intent
    category: Category | None = None
    categories: tuple[Category, ...] = ()
    secondary: Category | None = None
    unsure_category: bool = False
    sensitive: bool = False
    unsure_sensitive: bool = False
    sensitive_reason: tuple[str, ...] = ()
    reference: str | None = None
    reference_valid: bool = False
    named_posts: tuple[str, ...] = ()
    afraid: bool = False
    confidence: float = 0.0
    wanted_language: Language | None = None
    flags: frozenset[str] = field(default_factory=frozenset)
