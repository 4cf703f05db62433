"""All settings in one table, read once: ``malvakt.yaml`` beneath environment variables ``MALVAKT_*``."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
import yaml
from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

PREFIX = "MALVAKT_"
CONFIG_VARIABLE = "MALVAKT_CONFIG"


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
    telegram_base_url: str = "https://api.telegram.org/bot"
    public_url: HttpUrl | None = None
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8000, ge=1, le=65535)
    secret_key: SecretStr | None = Field(default=None, min_length=32)
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
        if not value.startswith(("https://", "http://")) or not value.endswith("/bot"):
            raise ValueError("must start with http(s):// and end in /bot")
        return value

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
        """The key for keyed hashes: the setting, else one made once in the data directory, mode 0600."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        path = self.data_dir / "secret.key"
        if not path.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            # `mkstemp` makes it readable by its owner alone, under a name that no other process has: two
            # containers on one disk may well have the same process id.
            descriptor, beside = tempfile.mkstemp(prefix=f"{path.name}.", dir=self.data_dir)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(48))
            try:
                # A link fails where the key exists: two processes that start at once use the same key.
                os.link(beside, path)
            except FileExistsError:
                pass
            finally:
                os.unlink(beside)
        return path.read_bytes()


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
        fault = error.errors()[0]
        field = str(fault["loc"][0])
        name = f"{PREFIX}{field.upper()}"
        if name not in os.environ and path:
            name = f"{field} ({path})"
        code = "unknown" if fault["type"] == "extra_forbidden" else "wrong"
        raise SettingsError(code, name=name, detail=fault["msg"]) from None


def _read_file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text("utf-8")
        node = yaml.compose(text, yaml.SafeLoader)
        data = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError("unreadable", name=str(path), detail=" ".join(str(error).split())) from None
    if data is None:
        return {}
    if not isinstance(node, yaml.MappingNode) or not isinstance(data, dict):
        raise SettingsError("unreadable", name=str(path), detail="not a mapping of settings")
    keys = [str(key.value) for key, _ in node.value]
    for key in keys:
        # PyYAML would let the last one win without a word.
        if keys.count(key) > 1:
            raise SettingsError("doubled", name=f"{key} ({path})")
    return {str(key): value for key, value in data.items()}
