"""The staff page: sign-in, search, whole sections; nothing of it answers without a session."""
