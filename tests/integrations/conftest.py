"""What the tests of both chats need."""

from collections.abc import Iterator

import pytest

from assistant.app import App
from integrations.chat import answering
from integrations.feishu import bot as feishu_bot
from integrations.slack import bot as slack_bot
from records.jobs import Jobs
from tests.integrations.chats import KeptJobs


@pytest.fixture(scope="module")
def no_turns() -> Iterator[None]:
    """The schedule never strikes here: what a turn sends would fall into another test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Jobs, "every", lambda *_arguments: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def _warmed_up_once() -> Iterator[None]:
    """What answers need is loaded once for each product: many doors are opened on it, one a test."""
    warm: list[App] = []

    def warm_up(app: App) -> None:
        if not any(one is app for one in warm):
            answering.warm_up(app)
            warm[:] = [app]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slack_bot, "warm_up", warm_up)
        patch.setattr(feishu_bot, "warm_up", warm_up)
        yield


@pytest.fixture
def kept() -> KeptJobs:
    return KeptJobs()
