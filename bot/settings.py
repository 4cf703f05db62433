"""All settings in one table, read once: ``malvakt.yaml`` beneath environment variables ``MALVAKT_*``."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from urllib.parse import urlsplit

import platformdirs
import yaml
from pydantic import (
    Field,
    HttpUrl,
    SecretStr,
    ValidationError,
    field_serializer,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.setting_types import LARGEST_LIMIT, ClaimRoles, NetworkLimits, Origins, Proxies

PREFIX = "MALVAKT_"
_MASK = "*" * 10  # as pydantic masks its secrets
CONFIG_VARIABLE = "MALVAKT_CONFIG"
DATABASE_SCHEMES = ("postgresql://", "sqlite:///")
KEY_LENGTH = 32
"""The fewest characters of a key for keyed hashes."""

# Words of the file in what PyYAML says; its own, such as '<block end>', stay.
_QUOTED = re.compile(r"""(["'])(?!<).{2,}\1""", re.DOTALL)
# What pydantic calls a fault, and which of the texts ``settings_error`` says it.
_CODES = {
    "extra_forbidden": "unknown",
    "bool_parsing": "yes_or_no",
    "bool_type": "yes_or_no",
    "int_parsing": "number",
    "int_type": "number",
    "int_from_float": "number",
    "greater_than_equal": "number",
    "less_than_equal": "number",
    "literal_error": "choice",
    "string_too_short": "too_short",
    "too_short": "too_short",
    "string_type": "not_text",
    "path_type": "path",
    "tuple_type": "paths",
    "url_parsing": "url",
    "url_scheme": "url",
    "url_type": "url",
    "value_error": "base_url",
    "origin": "origin",
    "network": "network",
    "network_limits": "network_limits",
    "claim_roles": "claim_roles",
    "given_twice": "given_twice",
    "everyone": "everyone",
    "needs": "needs",
    "database_url": "database_url",
}


# Settings that mean nothing without another.
_NEEDS = (
    ("oidc_issuer", "oidc_client_id"),
    ("oidc_claim", "oidc_claim_roles"),
    ("oidc_claim_roles", "oidc_claim"),
)


class SettingsError(Exception):
    """A setting that cannot be used: ``name`` is its environment variable or its key in ``source``."""

    def __init__(self, code: str, *, name: str, detail: str = "") -> None:
        super().__init__(f"{code}: {name}: {detail}")
        self.code = code
        self.name = name
        self.detail = detail


class Settings(BaseSettings):
    """What an operator can decide; every field is ``MALVAKT_<FIELD>`` or a key of the file."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True, validate_default=True
    )

    data_dir: Path = Field(default_factory=lambda: platformdirs.user_data_path("malvakt"))
    knowledge_dirs: Annotated[tuple[Path, ...], NoDecode] = ()
    encoder: str = "bundled"
    default_municipality: str | None = None
    default_language: Literal["sv", "en"] = "sv"
    operator: str | None = None
    telegram_token: SecretStr | None = None
    telegram_base_url: str = Field(default="https://api.telegram.org/bot", repr=False)
    public_url: HttpUrl | None = Field(default=None, repr=False)
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8000, ge=1, le=65535)
    allowed_origins: Origins = ()
    rate_limit: int = Field(default=20, ge=1, le=LARGEST_LIMIT)
    rate_limit_networks: NetworkLimits = Field(default_factory=dict)
    trusted_proxies: Proxies = ()
    database_url: SecretStr | None = None
    staff_rate_limit: int = Field(default=600, ge=1, le=LARGEST_LIMIT)
    staff_idle_minutes: int = Field(default=30, ge=1, le=24 * 60)
    oidc_issuer: HttpUrl | None = Field(default=None, repr=False)
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_name: str | None = None
    oidc_trust_email: bool = False
    oidc_claim: str | None = None
    oidc_claim_roles: ClaimRoles = Field(default_factory=dict)
    secret_key: SecretStr | None = Field(default=None, min_length=KEY_LENGTH)
    log_level: Literal["debug", "info", "warning", "error"] = "warning"

    @field_validator("knowledge_dirs", mode="before")
    @classmethod
    def _split_paths(cls, value: object) -> object:
        # As PATH does it; a YAML list comes as it is.
        return tuple(part for part in value.split(os.pathsep) if part) if isinstance(value, str) else value

    @field_validator("knowledge_dirs")
    @classmethod
    def _expand_homes(cls, value: tuple[Path, ...]) -> tuple[Path, ...]:
        return tuple(path.expanduser() for path in value)

    @field_validator("data_dir")
    @classmethod
    def _expand_home(cls, value: Path) -> Path:
        # No shell has done it in a file or a service's environment.
        return value.expanduser()

    @field_validator("telegram_base_url")
    @classmethod
    def _ends_in_bot(cls, value: str) -> str:
        # `urlsplit` raises ValueError too, where a bracket is left open.
        if not value.startswith(("https://", "http://")) or not urlsplit(value).hostname:
            raise ValueError("must start with http(s):// and a host")
        if not value.endswith("/bot"):
            raise ValueError("must end in /bot")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(DATABASE_SCHEMES):
            # Nothing of it is quoted: it holds a password.
            raise PydanticCustomError("database_url", "unknown scheme")
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for field, needed in _NEEDS:
            if getattr(self, field) and not getattr(self, needed):
                raise PydanticCustomError("needs", "{field}", {"field": field, "needed": needed})
        return self

    @property
    def oidc_configured(self) -> bool:
        """Whether staff can sign in with the municipality's identity provider."""
        return bool(self.oidc_issuer and self.oidc_client_id)

    @field_serializer("telegram_base_url", "public_url", "oidc_issuer")
    def _mask_credentials(self, value: str | HttpUrl | None) -> str | None:
        """An address as it may be shown: name and password, and what is asked of it, are masked."""
        if value is None:
            return None
        parts = urlsplit(str(value))
        _, at, host = parts.netloc.rpartition("@")
        query = _MASK if parts.query else ""
        return parts._replace(netloc=f"{_MASK if at else ''}{at}{host}", query=query).geturl()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # What `load_settings` hands over is the file's; the environment stands above it.
        return env_settings, init_settings

    def reveal_secret_key(self) -> bytes:
        """The key for keyed hashes: the setting, else one made once in the data directory, mode 0600.

        Raises:
            SettingsError: the file in the data directory holds no key.
            OSError: it can be neither read nor written.
        """
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        path = self.data_dir / "secret.key"
        if not path.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            _make_key(path)
        for _ in range(20):
            key = path.read_bytes()
            if len(key.strip()) >= KEY_LENGTH:
                return key
            # Another process may be writing it, where the disk has no links.
            time.sleep(0.05)
        raise SettingsError("bad_key", name=str(path), detail=str(KEY_LENGTH))


def _make_key(path: Path) -> None:
    """Write a new key, unless another process has been quicker."""
    key = secrets.token_urlsafe(48).encode()
    # `mkstemp` makes it readable by its owner alone, under a name that no other process has: two
    # containers on one disk may well have the same process id.
    descriptor, beside = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        _write_through(descriptor, key)
        # A link fails where the key exists: two processes that start at once use the same key.
        os.link(beside, path)
    except FileExistsError:
        pass
    except OSError:
        # Some disks, among them shares over a network, have no links.
        with suppress(FileExistsError):
            _write_through(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), key)
    finally:
        os.unlink(beside)


def _write_through(descriptor: int, data: bytes) -> None:
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def load_settings(config: Path | None = None) -> Settings:
    """Read the settings; ``config`` or ``MALVAKT_CONFIG`` names the file, else ./malvakt.yaml if it is there.

    Raises:
        SettingsError: the first setting that cannot be used, by name.
    """
    known = {f"{PREFIX}{field.upper()}" for field in Settings.model_fields} | {CONFIG_VARIABLE}
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            raise SettingsError("unknown", name=name)
    named = config or (Path(os.environ[CONFIG_VARIABLE]) if os.environ.get(CONFIG_VARIABLE) else None)
    default = Path("malvakt.yaml")
    path = named or (default if default.exists() else None)
    try:
        return Settings(**(_read_file(path) if path else {}))
    except ValidationError as error:
        raise _error(error.errors()[0], path) from None


def _error(fault: ErrorDetails, path: Path | None) -> SettingsError:
    """What pydantic found, without the value: it may be a secret."""
    # What is amiss between two settings has no place of its own.
    field = str(fault["loc"][0] if fault["loc"] else fault["ctx"]["field"])
    variable = f"{PREFIX}{field.upper()}"
    in_file = path is not None and not os.environ.get(variable)
    name = f"{field} ({path})" if in_file else variable
    code = _CODES.get(fault["type"], "wrong")
    detail = ""
    if code == "number":
        rules = Settings.model_fields[field].metadata
        limits = [getattr(rule, side, None) for side in ("ge", "le") for rule in rules]
        detail = "–".join(str(limit) for limit in limits if limit is not None)
    elif code == "choice":
        detail = ", ".join(get_args(Settings.model_fields[field].annotation))
    elif code == "too_short":
        detail = str(fault["ctx"]["min_length"])
    elif code == "wrong":
        detail = fault["msg"]
    elif code == "needs":
        needed = str(fault["ctx"]["needed"])
        detail = needed if in_file else f"{PREFIX}{needed.upper()}"
    elif code in ("origin", "network", "network_limits", "claim_roles", "given_twice", "everyone"):
        detail = fault["ctx"]["value"]
    return SettingsError(code, name=name, detail=detail)


def _read_file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise SettingsError("not_utf8", name=str(path)) from None
    except OSError as error:
        raise SettingsError("unreadable", name=str(path), detail=error.strerror or "") from None
    try:
        node = yaml.compose(text, yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        # Not all that it says: it quotes the line, and in the line may stand a secret.
        mark = error.problem_mark or error.context_mark
        place = f"{path}:{mark.line + 1}" if mark else str(path)
        raise SettingsError("not_yaml", name=place, detail=_QUOTED.sub("…", error.problem or "")) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # A character or a date that cannot be, or brackets without end.
        raise SettingsError("not_yaml", name=str(path), detail=type(error).__name__) from None
    if data is None:
        return {}
    if not isinstance(node, yaml.MappingNode) or not isinstance(data, dict):
        raise SettingsError("not_mapping", name=str(path))
    for mapping in (node, *(value for _, value in node.value if isinstance(value, yaml.MappingNode))):
        # PyYAML would let the last one win without a word.
        keys = Counter(str(key.value) for key, _ in mapping.value)
        if keys and keys.most_common(1)[0][1] > 1:
            raise SettingsError("doubled", name=f"{keys.most_common(1)[0][0]} ({path})")
    return {str(key): value for key, value in data.items()}
