"""Which commands of its own a Telegram chat shows"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("contact_point", sa.Column("menu", sa.String(length=64), nullable=True))
    op.create_index(
        "ix_contact_point_menu",
        "contact_point",
        ["menu"],
        unique=False,
        postgresql_where=sa.text("menu IS NOT NULL"),
        sqlite_where=sa.text("menu IS NOT NULL"),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_contact_point_menu", table_name="contact_point")
    with op.batch_alter_table("contact_point", schema=None) as batch_op:
        batch_op.drop_column("menu")
