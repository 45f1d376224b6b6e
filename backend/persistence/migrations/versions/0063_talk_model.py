"""Which model answered a conversation last."""

from pathlib import Path

from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(Path(__file__).with_name("0063_talk_model.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    raise NotImplementedError("the way back is a restore")
