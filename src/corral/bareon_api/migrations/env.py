"""Alembic's environment: always on the connection that `storage` gives, never on a URL of its own."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    # A version table of its own: the database may be one that Corral uses too.
    version_table=context.config.attributes["version_table"],
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
