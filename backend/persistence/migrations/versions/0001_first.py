"""The first tables, and the rules that hold whoever writes."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("0001_tables.sql", "0001_rules.sql"):
        text = Path(__file__).with_name(name).read_text(encoding="utf-8")
        for statement in text.split("\n\n"):
            if any(not line.startswith("--") for line in statement.strip().splitlines()):
                op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("the way back is a restore")
