"""The analyser that asks a model behind an OpenAI-compatible endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog
from pydantic import ValidationError

from codezest.kit.analysis_settings import AnalysisSettings
from codezest.services.learning.analysers.analyser import (
    ASPECTS,
    Analysis,
    AnalysisUnavailable,
    Evidence,
    Program,
)
from codezest.services.learning.analysers.cleaning import LONGEST_FEEDBACK, cleaned, cleaned_notes
from codezest.services.learning.analysers.prompt import (
    ANSWER_TOKENS,
    LONGEST_PROGRAM,
    MOST_LINES,
    MOST_NOTES,
    VERSION,
    Answer,
    messages_for,
    schema,
)
from codezest.services.learning.analysers.rules import overall
from codezest_db.enums import AnalysisProvider, Difficulty

if TYPE_CHECKING:  # loading it takes half a second, which only a worker that asks a model has to spend
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletion

SHORT_LINES = 30
"""Programs up to this length are simple, whatever the exercise."""
CHARACTERS_PER_TOKEN = 2
"""Fewer than there are in fact, so that what is put aside suffices."""
OVERHEAD_TOKENS = 600
RETRIES = 1

log = structlog.get_logger(__name__)


class EndpointAnalyser:
    """See `Analyser`. One for a process: it keeps its connections."""

    def __init__(self, settings: AnalysisSettings) -> None:
        self._settings = settings
        self._client: AsyncOpenAI | None = None

    @classmethod
    def of(cls, settings: AnalysisSettings) -> EndpointAnalyser:
        return cls(settings)

    def model_for(self, program: Program) -> str:
        """The cheaper model for a beginner's exercise or a short program."""
        lines = sum(text.count("\n") + 1 for text in program.files.values())
        simple = program.difficulty is Difficulty.BEGINNER or lines <= SHORT_LINES
        return (self._settings.analysis_simple_model if simple else "") or self._settings.analysis_model

    def version_for(self, program: Program) -> str:
        """Names model and prompt."""
        return f"{self.model_for(program)} {VERSION}"

    def most(self, program: Program) -> tuple[int, int]:
        """Tokens in and out of one call, at most."""
        characters = sum(len(message["content"]) for message in messages_for(program))
        return OVERHEAD_TOKENS + characters // CHARACTERS_PER_TOKEN, ANSWER_TOKENS

    async def analyse(self, program: Program) -> Analysis:
        """Ask the model. Raises AnalysisUnavailable."""
        if program.size > LONGEST_PROGRAM:
            raise AnalysisUnavailable("too-large")
        messages = messages_for(program)
        answered = await self._ask(self.model_for(program), messages)
        usage = answered.usage
        spent = (usage.prompt_tokens, usage.completion_tokens) if usage else self.most(program)
        try:
            answer = _read(answered)
        except AnalysisUnavailable as reason:
            raise AnalysisUnavailable(reason.reason, input_tokens=spent[0], output_tokens=spent[1]) from None
        return _analysis(program, answer, model=answered.model, prompt=messages, spent=spent)

    async def _ask(self, model: str, messages: list[dict[str, str]]) -> ChatCompletion:
        import openai

        shape = {"name": "analysis", "strict": True, "schema": schema()}
        request: dict[str, Any] = {
            "model": model,
            "messages": messages,
            "response_format": {"type": "json_schema", "json_schema": shape},
            "max_completion_tokens": ANSWER_TOKENS,
            "store": False,
        }
        try:
            found: ChatCompletion = await self._connected().chat.completions.create(**request)
        except openai.APITimeoutError:
            reason = "timeout"
        except openai.APIConnectionError:
            reason = "unreachable"
        except openai.RateLimitError:
            reason = "rate-limit"
        except (openai.AuthenticationError, openai.PermissionDeniedError):
            reason = "not-authorised"
        except openai.NotFoundError:
            reason = "unknown-model"
        except openai.APIStatusError as error:
            reason = "rejected" if error.status_code < 500 else "failed"
        except (openai.OpenAIError, ValueError):
            reason = "failed"
        else:
            return found
        # Without the error itself: its text may quote the key or the program.
        log.warning("model_not_answered", model=model, reason=reason)
        raise AnalysisUnavailable(reason)

    def _connected(self) -> AsyncOpenAI:
        if self._client is None:
            from openai import AsyncOpenAI

            self._client = AsyncOpenAI(
                base_url=self._settings.analysis_url,
                api_key=self._settings.analysis_key.get_secret_value() or "none",
                timeout=self._settings.analysis_timeout_seconds,
                max_retries=RETRIES,
            )
        return self._client

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None


def _read(answered: ChatCompletion) -> Answer:
    """Raises AnalysisUnavailable."""
    choice = answered.choices[0] if answered.choices else None
    if choice is None:
        raise AnalysisUnavailable("invalid")
    if choice.message.refusal or choice.finish_reason == "content_filter":
        raise AnalysisUnavailable("refused")
    if choice.finish_reason == "length":
        raise AnalysisUnavailable("cut-off")
    try:
        return Answer.model_validate_json(choice.message.content or "")
    except ValidationError:
        raise AnalysisUnavailable("invalid") from None


def _analysis(
    program: Program, answer: Answer, *, model: str, prompt: list[dict[str, str]], spent: tuple[int, int]
) -> Analysis:
    quality: Mapping[str, int] = {aspect: getattr(answer, aspect) for aspect in ASPECTS}
    return Analysis(
        provider=AnalysisProvider.ENDPOINT,
        overall_score=overall(quality),
        code_quality=quality,
        strengths=[*cleaned_notes(answer.strengths, most=MOST_NOTES)],
        weaknesses=[*cleaned_notes(answer.weaknesses, most=MOST_NOTES)],
        suggestions=[*cleaned_notes(answer.suggestions, most=MOST_NOTES)],
        evidence=_evidence(program, answer),
        detailed_feedback=cleaned(answer.detailed_feedback, longest=LONGEST_FEEDBACK) or None,
        model=model[:200],
        prompt="\n\n".join(f"[{message['role']}]\n{message['content']}" for message in prompt),
        input_tokens=max(0, spent[0]),
        output_tokens=max(0, spent[1]),
    )


def _evidence(program: Program, answer: Answer) -> list[Evidence]:
    """Only of lines that there are."""
    length = {path: text.count("\n") + 1 for path, text in program.files.items()}
    found = [
        Evidence(file=one.file, line=one.line, message=message)
        for one in answer.lines
        if 0 < one.line <= length.get(one.file, 0) and (message := cleaned(one.message.replace("\n", " ")))
    ]
    return sorted(found[:MOST_LINES], key=lambda one: (one.file, one.line))
