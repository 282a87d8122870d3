"""How often a message was queued once more because a provider had taken it and not sent it"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("message", sa.Column("again", sa.SmallInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    """Undo the change."""
    with op.batch_alter_table("message") as table:
        table.drop_column("again")
