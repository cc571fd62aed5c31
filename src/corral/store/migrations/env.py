"""Alembic's environment: always on the connection that `store.schema` gives, never on a URL of its own."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    # TaskFlow, in the same database, has the default name.
    version_table=context.config.attributes["version_table"],
    # SQLite can't alter most of a table in place; batch mode copies it.
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
