"""All tables, by what they are about; `Base.metadata` knows them once this package is imported."""

from storage.tables.areas import Area, Post, PostHolding
from storage.tables.audit import AuditEntry, AuditHead
from storage.tables.base import Base
from storage.tables.batches import (
    Batch,
    BatchPerson,
    Condition,
    ConditionPerson,
    ImportMapping,
    Meeting,
    MeetingSeries,
    PaymentRound,
    RoundRecipient,
    RoundStop,
)
from storage.tables.cases import Alert, Case, CaseContact, CaseNumber, Question
from storage.tables.console import ConsoleSession, Login, LoginAttempt
from storage.tables.installation import Setting
from storage.tables.messages import Attachment, GatewayState, InboundItem, Message, OutboxItem
from storage.tables.people import ContactPoint, Invitation, PendingAct, Person, Staff
from storage.tables.process import CaseBar, ContactPerson, Incident, Joining, SecondLook, UndoableAct
from storage.tables.safeguarding import HarmForm, Service
from storage.tables.understanding import FaqEntry, FaqUse, LearnedModel

__all__ = [
    "Alert",
    "Area",
    "Attachment",
    "AuditEntry",
    "AuditHead",
    "Base",
    "Batch",
    "BatchPerson",
    "Case",
    "CaseBar",
    "CaseContact",
    "CaseNumber",
    "Condition",
    "ConditionPerson",
    "ConsoleSession",
    "ContactPerson",
    "ContactPoint",
    "FaqEntry",
    "FaqUse",
    "GatewayState",
    "HarmForm",
    "ImportMapping",
    "InboundItem",
    "Incident",
    "Invitation",
    "Joining",
    "LearnedModel",
    "Login",
    "LoginAttempt",
    "Meeting",
    "MeetingSeries",
    "Message",
    "OutboxItem",
    "PaymentRound",
    "PendingAct",
    "Person",
    "Post",
    "PostHolding",
    "Question",
    "RoundRecipient",
    "RoundStop",
    "SecondLook",
    "Service",
    "Setting",
    "Staff",
    "UndoableAct",
]
