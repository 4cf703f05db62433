"""What a member of staff may do; each role may do all that the ones before it may."""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["reader", "editor", "admin"]
"""``reader`` searches and copies, ``editor`` is to edit goal texts, ``admin`` sees to the accounts."""
ROLES: tuple[Role, ...] = get_args(Role)


def read_role(value: object) -> Role | None:
    """The role that is written so; none where there is no such role."""
    return next((role for role in ROLES if role == value), None)
