"""Run by Alembic: makes the steps on the connection that it is handed, in the transaction there."""

from alembic import context

from bot.database.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    # SQLite cannot alter most of a table: it is made anew beside the old.
    render_as_batch=True,
)
context.run_migrations()
