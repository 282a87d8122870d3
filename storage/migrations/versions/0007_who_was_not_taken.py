"""An index by which cases are found that nobody took in time"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NOT_TAKEN = "status IN ('new', 'acknowledged', 'in_progress', 'awaiting') AND acknowledged_at IS NULL"


def upgrade() -> None:
    """Make the change."""
    op.create_index(
        "ix_grievance_case_not_taken",
        "grievance_case",
        ["acknowledge_by"],
        unique=False,
        postgresql_where=sa.text(_NOT_TAKEN),
        sqlite_where=sa.text(_NOT_TAKEN),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_grievance_case_not_taken", table_name="grievance_case")
