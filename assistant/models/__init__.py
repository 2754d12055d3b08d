"""A language model, if one is configured: reached, kept within limits, and never relied on."""

from assistant.models.endpoint import Endpoint
from assistant.models.guards import Guarded
from assistant.models.protocol import LanguageModel, Shape

__all__ = ["Endpoint", "Guarded", "LanguageModel", "Shape"]
