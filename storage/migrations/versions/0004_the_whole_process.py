"""Incidents, second looks, shared phones, incident forms, services, the console's logins, and times on cases"""

import sqlalchemy as sa
from alembic import op

import storage.tables.base

revision = "0004"
down_revision = "0003"
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
    op.drop_index("ix_grievance_case_about_id", table_name="grievance_case")
    op.drop_index("ix_grievance_case_category", table_name="grievance_case")
    op.drop_index("ix_grievance_case_closed", table_name="grievance_case")
    op.drop_index("ix_grievance_case_duplicate_of", table_name="grievance_case")
    op.drop_index("ix_grievance_case_incident_id", table_name="grievance_case")
    _drop_column("staff", "other_names")
    _drop_column("person", "erased_at")
    _drop_column("grievance_case", "trouble_asked_at")
    _drop_column("grievance_case", "satisfaction")
    _drop_column("grievance_case", "first_answer_at")
    _drop_column("grievance_case", "acknowledge_by")
    _drop_column("grievance_case", "extended")
    _drop_column("grievance_case", "warned")
    _drop_column("grievance_case", "due_from")
    _drop_column("grievance_case", "called_at")
    _drop_column("grievance_case", "call_wanted_at")
    _drop_column("grievance_case", "topic")
    _drop_column("grievance_case", "incident_id")
    _drop_column("grievance_case", "duplicate_of")
    _drop_column("grievance_case", "about_id")
    _drop_column("attachment", "transcribed_at")
    _drop_column("attachment", "transcribed_by")
    _drop_column("attachment", "transcript")
    op.drop_table("undoable_act")
    op.drop_table("second_look")
    op.drop_table("harm_form")
    op.drop_table("case_bar")
    op.drop_table("joining")
    op.drop_table("contact_person")
    op.drop_table("service")
    op.drop_table("login")
    op.drop_table("incident")
    op.drop_table("console_session")
    op.drop_table("login_attempt")


def _make_tables() -> None:
    op.create_table(
        "login_attempt",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    op.create_table(
        "console_session",
        sa.Column("token_hash", sa.String(length=40), nullable=False),
        sa.Column("staff_id", _ID, nullable=False),
        sa.Column("second_factor", sa.Boolean(), nullable=False),
        sa.Column("made_at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.Column("seen_at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.Column("ends_at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_console_session_staff_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_console_session")),
    )
    op.create_table(
        "incident",
        sa.Column("id", _ID, nullable=False),
        sa.Column("category", sa.String(length=24), nullable=False),
        sa.Column("area_id", _ID, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("texts", storage.tables.base.JsonText(), nullable=True),
        sa.Column("answered_by", _ID, nullable=True),
        sa.Column("opened_at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.Column("answered_at", storage.tables.base.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["staff.id"], name=op.f("fk_incident_answered_by")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_incident_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_table(
        "login",
        sa.Column("staff_id", _ID, nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.String(length=160), nullable=False),
        sa.Column("totp_secret", storage.tables.base.EncryptedText(), nullable=True),
        sa.Column("last_step", sa.Integer(), server_default="0", nullable=False),
        sa.Column("recovery", storage.tables.base.JsonText(), nullable=False),
        sa.Column("confirmed_at", storage.tables.base.UtcDateTime(), nullable=True),
        sa.Column("changed_at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_login_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_login")),
        sa.UniqueConstraint("username", name=op.f("uq_login_username")),
    )
    op.create_table(
        "service",
        sa.Column("id", _ID, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("area_id", _ID, nullable=True),
        sa.Column("names", storage.tables.base.JsonText(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.Column("for_children", sa.Boolean(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_service_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
    )
    op.create_table(
        "contact_person",
        sa.Column("contact_point_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("label", storage.tables.base.EncryptedText(), nullable=True),
        sa.Column("since", storage.tables.base.UtcDateTime(), nullable=False),
        sa.Column("last_used_at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_point_id"], ["contact_point.id"], name=op.f("fk_contact_person_contact_point_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contact_person_person_id")),
        sa.PrimaryKeyConstraint("contact_point_id", "person_id", name=op.f("pk_contact_person")),
    )
    op.create_table(
        "joining",
        sa.Column("id", _ID, nullable=False),
        sa.Column("asked_by", _ID, nullable=False),
        sa.Column("sent_to", _ID, nullable=False),
        sa.Column("code_hash", sa.String(length=40), nullable=False),
        sa.Column("wrong_codes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.Column("expires_at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.Column("done_at", storage.tables.base.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["contact_point.id"], name=op.f("fk_joining_asked_by")),
        sa.ForeignKeyConstraint(["sent_to"], ["contact_point.id"], name=op.f("fk_joining_sent_to")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joining")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_joining_code_hash")),
    )
    op.create_table(
        "case_bar",
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("staff_id", _ID, nullable=False),
        sa.Column("by", sa.String(length=8), nullable=False),
        sa.Column("since", storage.tables.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["grievance_case.id"], name=op.f("fk_case_bar_case_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_bar_staff_id")),
        sa.PrimaryKeyConstraint("case_id", "staff_id", name=op.f("pk_case_bar")),
    )
    op.create_table(
        "harm_form",
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("answers", storage.tables.base.EncryptedText(), nullable=False),
        sa.Column("project_due_at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.Column("project_told_at", storage.tables.base.UtcDateTime(), nullable=True),
        sa.Column("project_told_by", _ID, nullable=True),
        sa.Column("bank_due_at", storage.tables.base.UtcDateTime(), nullable=True),
        sa.Column("bank_told_at", storage.tables.base.UtcDateTime(), nullable=True),
        sa.Column("bank_told_by", _ID, nullable=True),
        sa.Column("changed_by", _ID, nullable=True),
        sa.Column("changed_at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["bank_told_by"], ["staff.id"], name=op.f("fk_harm_form_bank_told_by")),
        sa.ForeignKeyConstraint(["case_id"], ["grievance_case.id"], name=op.f("fk_harm_form_case_id")),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_harm_form_changed_by")),
        sa.ForeignKeyConstraint(["project_told_by"], ["staff.id"], name=op.f("fk_harm_form_project_told_by")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_harm_form")),
    )
    op.create_table(
        "second_look",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("words", storage.tables.base.EncryptedText(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("proposed_by", _ID, nullable=False),
        sa.Column("proposed_at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.Column("decided_by", _ID, nullable=True),
        sa.Column("decided_at", storage.tables.base.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["grievance_case.id"], name=op.f("fk_second_look_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_second_look_decided_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["staff.id"], name=op.f("fk_second_look_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_look")),
    )
    op.create_table(
        "undoable_act",
        sa.Column("id", _ID, nullable=False),
        sa.Column("staff_id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("before", storage.tables.base.JsonText(), nullable=False),
        sa.Column("message_ids", storage.tables.base.JsonText(), nullable=False),
        sa.Column("at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.Column("expires_at", storage.tables.base.UtcDateTime(), nullable=False),
        sa.Column("undone_at", storage.tables.base.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["grievance_case.id"], name=op.f("fk_undoable_act_case_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_undoable_act_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undoable_act")),
    )


def _add_columns() -> None:
    op.add_column("attachment", sa.Column("transcript", storage.tables.base.EncryptedText(), nullable=True))
    _add_reference("attachment", "transcribed_by", "staff")
    op.add_column("attachment", sa.Column("transcribed_at", storage.tables.base.UtcDateTime(), nullable=True))
    _add_reference("grievance_case", "about_id", "person")
    _add_reference("grievance_case", "duplicate_of", "grievance_case")
    _add_reference("grievance_case", "incident_id", "incident")
    op.add_column("grievance_case", sa.Column("topic", sa.String(length=12), nullable=True))
    op.add_column("grievance_case", sa.Column("call_wanted_at", storage.tables.base.UtcDateTime(), nullable=True))
    op.add_column("grievance_case", sa.Column("called_at", storage.tables.base.UtcDateTime(), nullable=True))
    op.add_column("grievance_case", sa.Column("due_from", storage.tables.base.UtcDateTime(), nullable=True))
    op.add_column("grievance_case", sa.Column("warned", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("grievance_case", sa.Column("extended", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("grievance_case", sa.Column("acknowledge_by", storage.tables.base.UtcDateTime(), nullable=True))
    op.add_column("grievance_case", sa.Column("first_answer_at", storage.tables.base.UtcDateTime(), nullable=True))
    op.add_column("grievance_case", sa.Column("satisfaction", sa.SmallInteger(), nullable=True))
    op.add_column("grievance_case", sa.Column("trouble_asked_at", storage.tables.base.UtcDateTime(), nullable=True))
    op.add_column("person", sa.Column("erased_at", storage.tables.base.UtcDateTime(), nullable=True))
    op.add_column("staff", sa.Column("other_names", storage.tables.base.EncryptedText(), nullable=True))


def _make_indexes() -> None:
    op.create_index("ix_login_attempt_key", "login_attempt", ["key", "at"], unique=False)
    op.create_index("ix_console_session_ends_at", "console_session", ["ends_at"], unique=False)
    op.create_index("ix_console_session_staff_id", "console_session", ["staff_id"], unique=False)
    op.create_index("ix_incident_area_id", "incident", ["area_id"], unique=False)
    op.create_index(
        "uq_incident_open",
        "incident",
        ["category", "area_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_service_area_id", "service", ["area_id"], unique=False)
    op.create_index(
        "uq_service_active",
        "service",
        ["code"],
        unique=True,
        postgresql_where=sa.text("active"),
        sqlite_where=sa.text("active"),
    )
    op.create_index("ix_contact_person_person_id", "contact_person", ["person_id"], unique=False)
    op.create_index("ix_joining_asked_by", "joining", ["asked_by"], unique=False)
    op.create_index("ix_joining_sent_to", "joining", ["sent_to"], unique=False)
    op.create_index("ix_case_bar_staff_id", "case_bar", ["staff_id"], unique=False)
    op.create_index(
        "uq_second_look_open",
        "second_look",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_undoable_act_case_id", "undoable_act", ["case_id"], unique=False)
    op.create_index("ix_undoable_act_newest", "undoable_act", ["staff_id", "id"], unique=False)
    op.create_index("ix_grievance_case_about_id", "grievance_case", ["about_id"], unique=False)
    op.create_index("ix_grievance_case_category", "grievance_case", ["category", "received_at"], unique=False)
    op.create_index(
        "ix_grievance_case_closed",
        "grievance_case",
        ["closed_at"],
        unique=False,
        postgresql_where=sa.text("status = 'closed'"),
        sqlite_where=sa.text("status = 'closed'"),
    )
    op.create_index("ix_grievance_case_duplicate_of", "grievance_case", ["duplicate_of"], unique=False)
    op.create_index("ix_grievance_case_incident_id", "grievance_case", ["incident_id"], unique=False)


def _add_reference(table: str, column: str, to: str) -> None:
    """Add a column that refers to a row's number; SQLite takes the reference with the column only."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT fk_{table}_{column} REFERENCES {to} (id)")


def _drop_column(table: str, column: str) -> None:
    """Drop a column; SQLite drops one that refers to another table by making its table anew."""
    with op.batch_alter_table(table) as batch:
        batch.drop_column(column)
