"""Any OpenAI-compatible endpoint, through LangChain: DeepSeek, Qwen, GLM, Kimi, vLLM, Ollama …

JSON is asked for in the surest way the endpoint takes (a tool call, JSON mode, the prompt alone).
Nothing it does can hold an answer up for longer than the deadline, or fill the memory.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import ModelFailed
from assistant.models.profiles import Profile, Rung, profile_of
from assistant.models.protocol import Shape
from pii.cleared import ClearedText

MAX_REPLY_TOKENS = 1500
LONGEST_REPLY = 20_000
RETRIES = 2
_PAUSE_SECONDS = 0.5
_REFUSED = frozenset({400, 404, 415, 422, 501})
_LATER = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


@dataclass
class Endpoint:
    """A chat model behind an endpoint. Safe to share between threads."""

    name: str
    base_url: str
    api_key: str = field(repr=False)
    timeout_seconds: float
    sleep: Callable[[float], None] = time.sleep
    _refused: set[Rung] = field(default_factory=set)

    @property
    def rung(self) -> Rung:
        """The surest way of asking that the endpoint has not refused yet."""
        ladder = profile_of(self.name).ladder
        return next((rung for rung in ladder if rung not in self._refused), ladder[-1])

    def stream(
        self, instructions: ClearedText, material: ClearedText, shape: Shape
    ) -> Iterator[str]:
        """The reply as it arrives. Raises ModelFailed with a class of error, never its text."""
        profile = profile_of(self.name)
        end = time.monotonic() + self.timeout_seconds
        for rung in profile.ladder:
            if rung in self._refused and rung != profile.ladder[-1]:
                continue
            try:
                yield from self._tried(_Asked(instructions, material, shape, rung, profile), end)
            except _Refused:
                self._refused.add(rung)
            else:
                return
        raise ModelFailed("Refused")

    def _tried(self, asked: "_Asked", end: float) -> Iterator[str]:
        """One rung; tried again while nothing has arrived and the fault may pass."""
        for attempt in range(RETRIES + 1):
            began = False
            try:
                for piece in self._pieces(asked, end):
                    began = True
                    yield piece
            except ModelFailed:
                raise
            except Exception as error:
                status = getattr(error, "status_code", None)
                if status in _REFUSED and not began:
                    raise _Refused from None
                pause = _pause(error, attempt)
                passing = status in _LATER or status is None
                in_time = time.monotonic() + pause < end
                if began or not passing or attempt == RETRIES or not in_time:
                    raise ModelFailed(type(error).__name__) from None
                self.sleep(pause)
            else:
                return

    def _pieces(self, asked: "_Asked", end: float) -> Iterator[str]:
        length = 0
        for chunk in asked.chat(self, max(0.1, end - time.monotonic())).stream(asked.messages()):
            calls = getattr(chunk, "tool_call_chunks", ())
            piece = str(chunk.text) + "".join(call.get("args") or "" for call in calls)
            length += len(piece)
            if length > LONGEST_REPLY:
                raise ModelFailed("ReplyTooLong")
            if time.monotonic() > end:
                raise ModelFailed("DeadlinePassed")
            if piece:
                yield piece


class _Refused(Exception):
    """The endpoint does not take this way of asking."""


@dataclass(frozen=True)
class _Asked:
    """One reply wanted, and one way of asking for it."""

    instructions: ClearedText
    material: ClearedText
    shape: Shape
    rung: Rung
    profile: Profile

    def messages(self) -> list[Any]:
        from langchain_core.messages import HumanMessage, SystemMessage

        return [SystemMessage(self.instructions.text), HumanMessage(self.material.text)]

    def chat(self, endpoint: Endpoint, seconds: float) -> Any:
        # Imported here: the command line starts a second faster without it.
        from langchain.chat_models import init_chat_model

        # In the body as it is: LangChain would send every limit as max_completion_tokens.
        body = {self.profile.limit_by: MAX_REPLY_TOKENS, **self.profile.extra}
        if self.profile.temperature:
            body["temperature"] = 0
        chat: Any = init_chat_model(
            endpoint.name,
            model_provider="openai",
            base_url=endpoint.base_url or None,
            api_key=endpoint.api_key,
            timeout=seconds,
            max_retries=0,
            extra_body=body,
        )
        if self.rung == "tool":
            return chat.bind_tools([self.shape], tool_choice=self.shape.__name__)
        if self.rung == "json":
            return chat.bind(response_format={"type": "json_object"})
        return chat


def _pause(error: Exception, attempt: int) -> float:
    """How long to wait before trying again: as long as the endpoint says, or twice as long each time."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    stated = str(headers.get("retry-after", ""))
    return float(stated) if stated.isdecimal() else _PAUSE_SECONDS * 2**attempt
