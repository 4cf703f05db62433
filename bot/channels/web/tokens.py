"""Conversations of the website as signed, short-lived tokens that the client holds."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from bot.answer import Conversation

LIFETIME = 3600
"""Seconds after the last answer in which a conversation can be continued."""
LONGEST_TOKEN = 8192
"""Characters. The longest conversation, 1,000 emoji in its question, takes under 6,000."""


class _Compact:
    """JSON in which a letter takes its bytes in UTF-8 and no escape: an emoji takes 4 and not 12."""

    @staticmethod
    def dumps(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def loads(text: str | bytes) -> Any:
        return json.loads(text)


class ConversationTokens:
    """Signs conversations and reads them back. The token can be read by whoever holds it, but not changed."""

    def __init__(self, key: bytes, *, lifetime: int = LIFETIME) -> None:
        self._lifetime = lifetime
        # The salt makes a key of its own of the service's key: nothing else signed with it passes here.
        self._serializer = URLSafeTimedSerializer(
            key,
            salt="malvakt.web.conversation",
            serializer=_Compact,
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

    def sign(self, conversation: Conversation) -> str:
        return self._serializer.dumps(conversation.as_json())

    def read(self, token: str | None) -> Conversation:
        """The conversation; a new one where the token is missing, expired, altered or not ours."""
        if not token or len(token) > LONGEST_TOKEN:
            return Conversation()
        try:
            return Conversation.from_json(self._serializer.loads(token, max_age=self._lifetime))
        except (BadData, ValueError, TypeError, AttributeError):
            # What is signed may also be from another version with other fields.
            return Conversation()
