"""How each gateway is, its day and its credit; and finding what failed"""

import sqlalchemy as sa
from alembic import op

from storage.tables.base import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_FAILED = sa.text("state IN ('failed', 'undelivered')")


def upgrade() -> None:
    """Make the change."""
    for column in _columns():
        op.add_column("gateway_state", column)
    op.create_index("ix_message_failed", "message", ["state_at"], postgresql_where=_FAILED, sqlite_where=_FAILED)


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_message_failed", "message")
    for column in reversed(_columns()):
        op.drop_column("gateway_state", column.name)


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("health", sa.String(length=8), server_default="good", nullable=False),
        sa.Column("health_since", UtcDateTime(), nullable=True),
        sa.Column("recent", sa.String(length=20), server_default="", nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=True),
        sa.Column("accepted_at", UtcDateTime(), nullable=True),
        sa.Column("vain", sa.Integer(), server_default="0", nullable=False),
        sa.Column("vain_since", UtcDateTime(), nullable=True),
        sa.Column("pause_s", sa.Integer(), server_default="0", nullable=False),
        sa.Column("down_until", UtcDateTime(), nullable=True),
        sa.Column("returned", sa.Integer(), nullable=True),
        sa.Column("down_since", UtcDateTime(), nullable=True),
        sa.Column("last_fault", sa.String(length=16), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("parts_today", sa.Integer(), server_default="0", nullable=False),
        sa.Column("credit", sa.BigInteger(), nullable=True),
        sa.Column("credit_at", UtcDateTime(), nullable=True),
        sa.Column("no_credit_at", UtcDateTime(), nullable=True),
    ]
