"""The steps from each schema of the database to the next, run by Alembic.

A step is written by hand in ``versions``, named by its number; a test compares what the steps make with the
tables. A step that has been released is never changed.
"""
