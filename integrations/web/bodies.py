"""What request and response models share."""

from pydantic import BaseModel, ConfigDict


class RequestBody(BaseModel):
    """A request: unknown fields are refused, so that a typo is not silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class View(BaseModel):
    """A response, read from our own plain values."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Said(View):
    """One statement in both languages."""

    zh: str
    en: str
