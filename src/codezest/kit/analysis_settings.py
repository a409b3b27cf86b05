"""The settings of analyses by a model; a part of `kit.settings`."""

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings


class AnalysisSettings(BaseSettings):
    """Where a model is to be asked, and how much that may cost. Without an address none is."""

    analysis_url: str = Field(
        default="",
        description=(
            "Base URL of an OpenAI-compatible endpoint that analyses learners' programs, such as `https://host/v1`; it is sent "
            "their code. Empty analyses by rules on this machine alone."
        ),
    )
    analysis_key: SecretStr = Field(default=SecretStr(""), description="The bearer token of that endpoint.")
    analysis_model: str = Field(default="", description="The model to ask for.")
    analysis_simple_model: str = Field(
        default="",
        description="A cheaper model for beginners' exercises and short programs. Empty asks the same one for all.",
    )
    analysis_timeout_seconds: float = Field(default=45.0, ge=1, le=600, description="How long one answer may take.")
    analysis_calls_per_minute: int = Field(
        default=20, ge=1, description="The most calls a minute, of all workers together."
    )
    analysis_daily_tokens: int = Field(
        default=1_000_000, ge=0, description="The most tokens a day (UTC) for everybody together, in and out."
    )
    analysis_daily_tokens_each: int = Field(
        default=40_000, ge=0, description="The most tokens a day (UTC) for the work of one learner."
    )
    analysis_input_price: float = Field(
        default=0.0, ge=0, description="What a million tokens in cost, in a currency of your choice."
    )
    analysis_output_price: float = Field(default=0.0, ge=0, description="What a million tokens out cost.")
    analysis_daily_cost: float = Field(
        default=0.0, ge=0, description="The most a day (UTC) may cost, in the currency of the prices; 0 sets no limit."
    )

    @model_validator(mode="after")
    def _analysis_is_complete(self) -> "AnalysisSettings":
        if not self.analysis_url:
            return self
        parts = urlsplit(self.analysis_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("CODEZEST_ANALYSIS_URL is no http:// or https:// address")
        if not self.analysis_model:
            raise ValueError("CODEZEST_ANALYSIS_URL needs CODEZEST_ANALYSIS_MODEL")
        return self
