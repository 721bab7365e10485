"""Every setting of the server: read from GATESCOPE_* environment variables, each with its description."""

import os
import re
import secrets
from typing import Annotated, Self

from platformdirs import user_data_dir
from pydantic import Field, PrivateAttr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from gatescope.bounded_json import MOST_ITEMS
from gatescope.sequences import SequenceLimits
from gatescope.web.guards.hosts import host_name

WILDCARD_ADDRESSES = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - named so as not to allow them as a Host

TOKEN_BYTES = 24  # that are drawn


class Settings(BaseSettings):
    """The settings; ``Settings()`` reads the environment, arguments stand above it."""

    model_config = SettingsConfigDict(env_prefix="GATESCOPE_", env_ignore_empty=True, extra="forbid")

    _token_is_drawn: bool = PrivateAttr(default=False)

    host: str = Field(default="127.0.0.1", description="Address to listen on; 0.0.0.0 listens on all of them.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes any free one.")
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("localhost", "127.0.0.1", "[::1]"),
        description="Names that the Host header may hold, separated by commas, with any port; * allows all. "
        "A specific address given as host is allowed as well.",
    )
    token: str = Field(
        default="",
        repr=False,
        description="What the API asks of everyone, in the header Authorization: Bearer …; the page takes it from its "
        "address once, ?token=…, and keeps a cookie. auto draws one and prints the address with it. Empty: no one is "
        "asked.",
    )
    max_steps: int = Field(default=20_000, ge=1, description="Time steps of a sequence, at most.")
    max_hidden_size: int = Field(default=1024, ge=1, description="Units of an LSTM, at most.")
    max_features: int = Field(
        default=512, ge=1, description="Features of a sequence (for text: distinct characters), at most."
    )
    max_columns: int = Field(default=10_000, ge=1, description="Columns of a table, chosen or not, at most.")
    max_cells: int = Field(default=6_000_000, ge=1, description="Numbers in a table or a sequence, at most.")
    max_answer_cells: int = Field(default=6_000_000, ge=1, description="Numbers in all tensors of one answer, at most.")
    max_model_bytes: int = Field(default=256 * 2**20, ge=1, description="Bytes of an uploaded model file, at most.")
    max_models: int = Field(default=1_000, ge=0, description="Stored models, at most; 0 refuses all uploads.")
    max_store_bytes: int = Field(default=10 * 2**30, ge=1, description="Bytes of all stored models together, at most.")
    data_dir: str = Field(
        default_factory=lambda: user_data_dir("gatescope", appauthor=False),
        description="Where uploaded models are kept: a directory, or an address that fsspec knows, such as "
        "s3://bucket/models. The default is the user's own data directory.",
    )
    max_body_bytes: int = Field(default=16 * 2**20, ge=1, description="Bytes of a request's JSON body, at most.")
    max_seconds: int = Field(default=60, ge=1, description="Seconds that one computation takes, at most.")
    max_answer_bytes_in_flight: int = Field(
        default=512 * 2**20,
        ge=1,
        description="Bytes of all answers that are computed or sent at one time, at most; others wait.",
    )
    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=1,
        description="Dear computations at the same time, and as many cheap ones beside them; others wait. "
        "The default is the number of cores.",
    )

    @field_validator("host")
    @classmethod
    def _without_brackets(cls, host: str) -> str:
        return host.removeprefix("[").removesuffix("]")

    @field_validator("token")
    @classmethod
    def _fits_a_header(cls, token: str) -> str:
        if re.search(r"[^!-~]", token):
            raise ValueError("a token has letters, digits and signs of ASCII, and no spaces")
        return token

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split_at_commas(cls, hosts: object) -> object:
        if isinstance(hosts, str):
            return tuple(host.strip() for host in hosts.split(",") if host.strip())
        return hosts

    @field_validator("allowed_hosts")
    @classmethod
    def _check_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if host != "*" and host_name(host) is None:
                raise ValueError(f"{host!r} is no host name; an IPv6 address stands in brackets")
        return hosts

    @model_validator(mode="after")
    def _allow_the_address_listened_on(self) -> Self:
        name = f"[{self.host}]" if ":" in self.host else self.host
        if self.host not in WILDCARD_ADDRESSES and name not in self.allowed_hosts:
            self.allowed_hosts = (*self.allowed_hosts, name)
        return self

    @model_validator(mode="after")
    def _draw_the_token(self) -> Self:
        if self.token == "auto":  # noqa: S105 - the word that asks for one
            self.token = secrets.token_urlsafe(TOKEN_BYTES)
            self._token_is_drawn = True
        return self

    @property
    def token_is_drawn(self) -> bool:
        """Whether no one knows the token yet."""
        return self._token_is_drawn

    @property
    def sequence_limits(self) -> SequenceLimits:
        """The limits that hold while a sequence is read."""
        return SequenceLimits(self.max_steps, self.max_features, self.max_columns, self.max_cells)

    @property
    def longest_list(self) -> int:
        """How many items a list of a request's body may have, whatever it stands for."""
        return max(MOST_ITEMS, self.max_steps, self.max_columns, 4 * self.max_hidden_size)


def environment_variables() -> dict[str, str]:
    """The name of each environment variable and what it sets, in the order of the class."""
    prefix = Settings.model_config["env_prefix"]
    return {f"{prefix}{name}".upper(): field.description or "" for name, field in Settings.model_fields.items()}
