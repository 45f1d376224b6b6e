"""Answers that go to LAPOR!, too."""

from pathlib import Path

from alembic import op

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = Path(__file__).with_name("0092_replies_lapor.sql").read_text(encoding="utf-8")
    for statement in text.split("\n\n"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("the way back is a restore")
