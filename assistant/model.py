"""A language model, if one is configured: any OpenAI-compatible endpoint, through LangChain."""

from typing import Protocol

from assistant.errors import ModelFailed
from assistant.settings import Settings
from pii.cleared import ClearedText

MAX_REPLY_TOKENS = 1500


class LanguageModel(Protocol):
    """What `ask` needs of a model. It is only ever given text that may leave."""

    name: str

    def reply(self, instructions: ClearedText, material: ClearedText) -> str:
        """The model's text. Raises ModelFailed."""


class LangChainModel:
    """A chat model behind an OpenAI-compatible endpoint (DeepSeek, Qwen, vLLM, Ollama and others)."""

    def __init__(self, name: str, *, base_url: str, api_key: str, timeout_seconds: float) -> None:
        self.name = name
        self._base_url = base_url
        self._api_key = api_key
        self._timeout_seconds = timeout_seconds

    def reply(self, instructions: ClearedText, material: ClearedText) -> str:
        """The model's text. Raises ModelFailed with the class of what went wrong, never its text."""
        # Imported here: the command line starts a second faster without it.
        from langchain.chat_models import init_chat_model
        from langchain_core.messages import HumanMessage, SystemMessage

        chat = init_chat_model(
            self.name,
            model_provider="openai",
            base_url=self._base_url or None,
            api_key=self._api_key,
            timeout=self._timeout_seconds,
            max_retries=1,
            temperature=0,
            max_completion_tokens=MAX_REPLY_TOKENS,
        )
        messages = [SystemMessage(instructions.text), HumanMessage(material.text)]
        try:
            return str(chat.invoke(messages).text)
        except Exception as error:
            raise ModelFailed(type(error).__name__) from None


def model_from(settings: Settings) -> LanguageModel | None:
    """The configured model, or None: the product is whole without one."""
    if not settings.model:
        return None
    key = settings.model_api_key.get_secret_value() if settings.model_api_key else "none"
    return LangChainModel(
        settings.model,
        base_url=settings.model_base_url,
        api_key=key,
        timeout_seconds=settings.model_timeout_seconds,
    )
