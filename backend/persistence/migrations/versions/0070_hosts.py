"""Several hosts: their sign of life, an anchor file each, and the models that all of them serve."""

from pathlib import Path

from alembic import op

revision = "0070"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = Path(__file__).with_name("0070_hosts.sql").read_text(encoding="utf-8")
    for statement in text.split("\n\n"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("the way back is a restore")
