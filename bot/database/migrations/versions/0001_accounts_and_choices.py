"""Accounts and sessions of staff, and the choices of chats."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "staff_accounts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("folded_name", sa.String(300), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("password_hash", sa.String(500)),
        sa.Column("issuer", sa.String(1000)),
        sa.Column("subject", sa.String(1000)),
        sa.Column("by_claim", sa.Boolean, nullable=False),
        sa.Column("blocked", sa.Boolean, nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.Column("signed_in_at", time),
        sa.PrimaryKeyConstraint("id", name="pk_staff_accounts"),
        sa.UniqueConstraint("folded_name", name="uq_staff_accounts_folded_name"),
        sa.UniqueConstraint("email", name="uq_staff_accounts_email"),
        sa.UniqueConstraint("issuer", "subject", name="uq_staff_accounts_issuer_subject"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.Column("seen_at", time, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_staff_sessions"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_accounts.id"], name="fk_staff_sessions_account_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_staff_sessions_account_id", "staff_sessions", ["account_id"])
    op.create_index("ix_staff_sessions_seen_at", "staff_sessions", ["seen_at"])
    op.create_table(
        "chat_choices",
        sa.Column("chat", sa.String(64), nullable=False),
        sa.Column("municipality", sa.String(200)),
        sa.Column("language", sa.String(20)),
        sa.PrimaryKeyConstraint("chat", name="pk_chat_choices"),
    )
