"""All tables, by what they are about; `Base.metadata` knows them once this package is imported."""

from storage.tables.areas import Area, Post, PostHolding
from storage.tables.audit import AuditEntry, AuditHead
from storage.tables.base import Base
from storage.tables.batches import Batch, Meeting, PaymentRound, RoundRecipient
from storage.tables.cases import Alert, Case, CaseContact, CaseNumber, Question
from storage.tables.installation import Setting
from storage.tables.messages import Attachment, GatewayState, InboundItem, Message, OutboxItem
from storage.tables.people import ContactPoint, Invitation, PendingAct, Person, Staff
from storage.tables.understanding import FaqEntry, FaqUse, LearnedModel

__all__ = [
    "Alert",
    "Area",
    "Attachment",
    "AuditEntry",
    "AuditHead",
    "Base",
    "Batch",
    "Case",
    "CaseContact",
    "CaseNumber",
    "ContactPoint",
    "FaqEntry",
    "FaqUse",
    "GatewayState",
    "InboundItem",
    "Invitation",
    "LearnedModel",
    "Meeting",
    "Message",
    "OutboxItem",
    "PaymentRound",
    "PendingAct",
    "Person",
    "Post",
    "PostHolding",
    "Question",
    "RoundRecipient",
    "Setting",
    "Staff",
]
