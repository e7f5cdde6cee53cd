"""Settings, from the environment (``YUSHEN_*``) and one TOML file; checked at start, with clear errors.

``YUSHEN_CONFIG`` names the file; the environment wins over it.  docs/settings.md lists every setting, and
a test compares that page with this class.
"""

from __future__ import annotations

import os
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

MEGABYTE = 1024 * 1024

Positive = Annotated[int, Field(gt=0)]


class SettingsError(Exception):
    """A setting is wrong; the message is Chinese, one line a setting, and names the remedy."""


class Settings(BaseSettings):
    """Everything that a deployment may set; the defaults are the embedded service."""

    model_config = SettingsConfigDict(env_prefix="YUSHEN_", extra="forbid", frozen=True)

    data: Path = Field(Path("yushen-data"), description="folder of the embedded service")
    host: str = Field("127.0.0.1", description="address to listen on")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        8000, description="TCP port to listen on; 0 takes a free one"
    )
    admin_key: SecretStr | None = Field(
        None, description="the first administrator's key; default: made at first start"
    )

    database_url: str | None = Field(None, description="SQLAlchemy URL; default: SQLite in the data folder")
    broker_url: str | None = Field(None, description="amqp:// or redis:// URL; default: the embedded Valkey")

    s3_endpoint: str | None = Field(None, description="host:port of the S3 store; default: a local folder")
    s3_bucket: str = Field("yushen", description="bucket of the S3 store")
    s3_access_key: str | None = Field(None, description="access key of the S3 store")
    s3_secret_key: SecretStr | None = Field(None, description="secret key of the S3 store")
    s3_region: str | None = Field(None, description="region of the S3 store")
    s3_tls: bool = Field(True, description="whether the S3 store is reached by TLS")
    s3_public_endpoint: str | None = Field(
        None, description="host:port under which clients reach the S3 store"
    )

    pack: str = Field("jinjiang-2023", description="rule pack where a call names none")
    workers: Positive = Field(2, description="worker processes of `yushen serve` and `yushen worker`")
    api_threads: Positive = Field(
        8, description="threads of each API process; calls with a body have four times as many beside them"
    )
    api_processes: Positive = Field(1, description="API processes")
    client_seconds: Annotated[float, Field(gt=0)] = Field(
        60.0, description="seconds after which a client that sends or takes nothing is cut off"
    )
    max_attempts: Positive = Field(5, description="tries of a job before it is failed")
    lease_seconds: Positive = Field(60, description="seconds after which a silent worker's job is owed again")
    sweep_seconds: Annotated[float, Field(gt=0)] = Field(
        5.0, description="seconds between looks for owed work"
    )

    clamav: str | None = Field(
        None,
        description="scans each file before it is read: path of clamd's socket, or host:port",
    )

    max_file_bytes: Positive = Field(200 * MEGABYTE, description="largest file of an upload, in bytes")
    max_request_bytes: Positive = Field(512 * MEGABYTE, description="largest request, in bytes")
    max_files: Positive = Field(200, description="most files of one submission")
    max_wait_seconds: Positive = Field(
        60, description="longest wait that `Prefer: wait` may ask for, in seconds"
    )
    rate_limit: str = Field("600/minute", description="requests a key may make; empty: no limit")
    rate_limit_url: str | None = Field(None, description="redis:// URL of shared counters")

    cors_origins: str = Field(
        "", description="origins whose pages may call the API, divided by commas; empty: none"
    )

    public_docs: bool = Field(True, description="whether `/docs` and `/openapi.json` are read without a key")

    oidc_issuer: str | None = Field(None, description="issuer of accepted OIDC tokens; default: none")
    oidc_audience: str | None = Field(None, description="audience that a token must have")
    oidc_role_claim: str = Field("yushen_role", description="claim that holds the role")
    oidc_unit_claim: str = Field("yushen_unit", description="claim that holds the unit")

    webhook_allow_private: bool = Field(False, description="whether webhooks may go to private addresses")
    retention_days: int = Field(
        0, ge=0, description="days after which finished submissions are deleted; 0: never"
    )
    orphan_hours: Positive = Field(24, description="hours that bytes without a submission are kept")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str | None) -> str | None:
        if value and not value.startswith(("sqlite:", "postgresql+psycopg:", "postgresql:")):
            raise ValueError("只支持 postgresql:// 和 sqlite:// 地址")
        return value.replace("postgresql:", "postgresql+psycopg:", 1) if value else value

    @field_validator("broker_url")
    @classmethod
    def _known_broker(cls, value: str | None) -> str | None:
        if value and not value.startswith(("amqp:", "amqps:", "redis:", "rediss:", "redis+socket:")):
            raise ValueError("只支持 amqp:// 和 redis:// 地址")
        return value

    @model_validator(mode="after")
    def _whole_account(self) -> Settings:
        if self.s3_endpoint and not (self.s3_access_key and self.s3_secret_key):
            raise ValueError("设置了 YUSHEN_S3_ENDPOINT，还需要 YUSHEN_S3_ACCESS_KEY 和 YUSHEN_S3_SECRET_KEY")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the call says wins, then the environment, then the file."""
        named = os.environ.get("YUSHEN_CONFIG")
        file = (TomlConfigSettingsSource(settings_cls, Path(named)),) if named else ()
        return (init_settings, env_settings, *file)

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.state.absolute()}"

    @property
    def state(self) -> Path:
        """The file of the embedded service's database."""
        return self.data / "state.db"

    @property
    def lease(self) -> timedelta:
        """How long a worker may be silent."""
        return timedelta(seconds=self.lease_seconds)


def load_settings(**given: Any) -> Settings:
    """The settings in force.

    Args:
        given: what the command line says; None means not given.

    Raises:
        SettingsError: something is wrong; says what and how to mend it.
    """
    named = os.environ.get("YUSHEN_CONFIG")
    if named and not Path(named).is_file():
        raise SettingsError(f"YUSHEN_CONFIG 指定的设置文件不存在：{named}。请改正路径，或去掉这个变量。")
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise SettingsError("\n".join(_line(e) for e in error.errors())) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"YUSHEN_CONFIG 指定的设置文件 {named} 不是有效的 TOML（{error}）。请改正后重新启动。"
        ) from None


_WRONG = {
    "int_parsing": "应当是整数",
    "int_type": "应当是整数",
    "int_from_float": "应当是整数",
    "float_parsing": "应当是数字",
    "float_type": "应当是数字",
    "bool_parsing": "应当是 true 或 false",
    "bool_type": "应当是 true 或 false",
    "string_type": "应当是文字",
    "greater_than": "应当大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "value_error": "{error}",
}
"""What pydantic finds -> Chinese."""


def _line(error: Any) -> str:
    name = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        return f"没有“{name}”这个设置。请改正名称，全部设置见 docs/settings.md。"
    told = {key: str(value) for key, value in error.get("ctx", {}).items()}
    why = _WRONG.get(error["type"], str(error["msg"])).format(**told)
    where = f"设置 {name}（环境变量 YUSHEN_{name.upper()}）有误：" if name else ""
    return f"{where}{why}。请改正后重新启动。"
