"""Stops of a round, repeated meetings, conditions, remembered columns of files, and frozen audiences"""

import sqlalchemy as sa
from alembic import op

import storage.tables.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the change."""
    _make_tables()
    _add_columns()
    _make_indexes()


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_message_unsorted", table_name="message")
    op.drop_index("ix_meeting_series_id", table_name="meeting")
    _drop_column("round_recipient", "told_amount")
    _drop_column("person", "consent")
    _drop_column("meeting", "series_id")
    _drop_column("contact_point", "dead_at")
    _drop_column("batch", "cost")
    op.drop_table("round_stop")
    op.drop_table("condition_person")
    op.drop_table("batch_person")
    op.drop_table("meeting_series")
    op.drop_table("import_mapping")
    op.drop_table("condition")


def _make_tables() -> None:
    op.create_table(
        "condition",
        sa.Column("id", _ID, nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("labels", storage.tables.base.JsonText(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition")),
        sa.UniqueConstraint("code", name=op.f("uq_condition_code")),
    )
    op.create_table(
        "import_mapping",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("header_hash", sa.String(length=40), nullable=False),
        sa.Column("columns", storage.tables.base.JsonText(), nullable=False),
        sa.Column("used_at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mapping")),
        sa.UniqueConstraint("kind", "header_hash", name=op.f("uq_import_mapping_kind_header_hash")),
    )
    op.create_table(
        "meeting_series",
        sa.Column("id", _ID, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("clock", sa.String(length=5), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("area_id", _ID, nullable=True),
        sa.Column("group_name", sa.Text(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("made_until", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_meeting_series_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_series")),
        sa.UniqueConstraint("code", name=op.f("uq_meeting_series_code")),
    )
    op.create_table(
        "batch_person",
        sa.Column("batch_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_person_batch_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_batch_person_person_id")),
        sa.PrimaryKeyConstraint("batch_id", "person_id", name=op.f("pk_batch_person")),
    )
    op.create_table(
        "condition_person",
        sa.Column("condition_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("met_at", storage.tables.base.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["condition_id"], ["condition.id"], name=op.f("fk_condition_person_condition_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_condition_person_person_id")),
        sa.PrimaryKeyConstraint("condition_id", "person_id", name=op.f("pk_condition_person")),
    )
    op.create_table(
        "round_stop",
        sa.Column("round_id", _ID, nullable=False),
        sa.Column("area_id", _ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_round_stop_area_id")),
        sa.ForeignKeyConstraint(["round_id"], ["payment_round.id"], name=op.f("fk_round_stop_round_id")),
        sa.PrimaryKeyConstraint("round_id", "area_id", name=op.f("pk_round_stop")),
    )


def _add_columns() -> None:
    op.add_column("batch", sa.Column("cost", sa.Float(), nullable=True))
    op.add_column("contact_point", sa.Column("dead_at", storage.tables.base.UtcDateTime(), nullable=True))
    _add_reference("meeting", "series_id", "meeting_series")
    op.add_column("person", sa.Column("consent", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.add_column("round_recipient", sa.Column("told_amount", sa.Integer(), nullable=True))


def _make_indexes() -> None:
    op.create_index("ix_condition_due_on", "condition", ["due_on"], unique=False)
    op.create_index("ix_batch_person_person_id", "batch_person", ["person_id"], unique=False)
    op.create_index("ix_condition_person_person_id", "condition_person", ["person_id"], unique=False)
    op.create_index("ix_round_stop_area_id", "round_stop", ["area_id"], unique=False)
    op.create_index("ix_round_stop_day", "round_stop", ["day"], unique=False)
    op.create_index("ix_meeting_series_id", "meeting", ["series_id"], unique=False)
    unsorted = sa.text("kind = 'unsorted' AND case_id IS NULL")
    op.create_index("ix_message_unsorted", "message", ["id"], postgresql_where=unsorted, sqlite_where=unsorted)


def _add_reference(table: str, column: str, to: str) -> None:
    """Add a column that refers to a row's number; SQLite takes the reference with the column only."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT fk_{table}_{column} REFERENCES {to} (id)")


def _drop_column(table: str, column: str) -> None:
    """Drop a column; SQLite drops one that refers to another table by making its table anew."""
    with op.batch_alter_table(table) as batch:
        batch.drop_column(column)
