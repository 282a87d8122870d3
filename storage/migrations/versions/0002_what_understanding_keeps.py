"""Questions with answers, models learned here, and who named a case's category"""

import sqlalchemy as sa
from alembic import op

import storage.tables.base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the change."""
    op.add_column("grievance_case", sa.Column("secondary", sa.String(length=24), nullable=True))
    op.add_column(
        "grievance_case", sa.Column("category_by", sa.String(length=8), server_default="machine", nullable=False)
    )
    op.create_table(
        "faq_entry",
        sa.Column("id", _ID, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("category", sa.String(length=24), nullable=False),
        sa.Column("words", storage.tables.base.JsonText(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_entry")),
    )
    op.create_index(
        "uq_faq_entry_active",
        "faq_entry",
        ["code"],
        unique=True,
        postgresql_where=sa.text("active"),
        sqlite_where=sa.text("active"),
    )
    op.create_table(
        "faq_use",
        sa.Column("id", _ID, nullable=False),
        sa.Column("entry_id", _ID, nullable=False),
        sa.Column("message_id", _ID, nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.Column("at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["faq_entry.id"], name=op.f("fk_faq_use_entry_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_faq_use_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_use")),
    )
    op.create_index(op.f("ix_faq_use_entry_id"), "faq_use", ["entry_id"])
    op.create_index(op.f("ix_faq_use_message_id"), "faq_use", ["message_id"])
    op.create_table(
        "learned_model",
        sa.Column("id", _ID, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("corrected", sa.Integer(), nullable=False),
        sa.Column("figures", storage.tables.base.JsonText(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.Column("decided_at", storage.tables.base.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learned_model")),
    )
    op.create_index(
        "uq_learned_model_adopted",
        "learned_model",
        ["state"],
        unique=True,
        postgresql_where=sa.text("state = 'adopted'"),
        sqlite_where=sa.text("state = 'adopted'"),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("learned_model")
    op.drop_table("faq_use")
    op.drop_table("faq_entry")
    op.drop_column("grievance_case", "category_by")
    op.drop_column("grievance_case", "secondary")
