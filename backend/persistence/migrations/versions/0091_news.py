"""Why the last news of a case did not arrive."""

from pathlib import Path

from alembic import op

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = Path(__file__).with_name("0091_news.sql").read_text(encoding="utf-8")
    for statement in text.split("\n\n"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("the way back is a restore")
