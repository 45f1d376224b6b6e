"""Run by Alembic inside `schema.migrate`, on the connection it hands over."""

from alembic import context

from backend.persistence.tables import SCHEMA, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table_schema=SCHEMA,
    include_schemas=True,
)

with context.begin_transaction():
    context.run_migrations()
