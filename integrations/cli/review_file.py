"""`compliance review FILE`: what was found, one text after another, decided with a key."""

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.app import App
from assistant.redaction.redact_file import Wish
from assistant.redaction.redacted_copies import RedactedFile
from assistant.redaction.review_file import Review, decide, drop_review, finish_review, start_review
from integrations.cli.options import choice
from pii.errors import LeakFound
from pii.kinds import Kind
from pii.review import Decision, Group, Verdict, around
from records.language import Language
from records.people import Person

# What is under review is shown here alone: to the person at the terminal, never to a log.
console = Console(stderr=True)
KEYS = "a/r/k/A/q"


def review_on_terminal(
    app: App, person: Person, data: bytes, name: str, wish: Wish, *, language: Language
) -> RedactedFile | None:
    """The proven copy, or nothing when the reviewer left; then the original is erased."""
    review = start_review(app, person, data, name, wish)
    try:
        if not _ask(app, person, review, language):
            drop_review(app, person, review.review_id)
            return None
        while True:
            _ask_for_missed(app, person, review, language)
            try:
                return finish_review(app, person, review.review_id).file
            except LeakFound as leak:
                console.print(leak.message.pick(language), style="red", markup=False)
    except (KeyboardInterrupt, EOFError, typer.Abort):
        drop_review(app, person, review.review_id)
        raise


def _ask(app: App, person: Person, review: Review, language: Language) -> bool:
    """Whether every text was decided, or left as found with A."""
    zh = language is Language.ZH
    console.print(
        "a 遮盖  r 不是个人信息，保留  k 换种类  A 其余全部遮盖  q 放弃"
        if zh
        else "a hide  r not personal, stays  k other kind  A hide all the rest  q leave",
        style="dim",
        highlight=False,
    )
    groups = review.material.groups
    for number, group in enumerate(groups, start=1):
        _show(review, group, f"{number}/{len(groups)}", language)
        key = _key("a")
        if key == "q":
            return False
        if key == "A":
            return True
        if key == "a":
            continue
        verdict, kind = (Verdict.CHANGE, _kind()) if key == "k" else (Verdict.REJECT, None)
        decision = Decision(verdict, group.kind, group.value, kind)
        decide(app, person, review.review_id, [decision])
    return True


def _ask_for_missed(app: App, person: Person, review: Review, language: Language) -> None:
    zh = language is Language.ZH
    while True:
        words = "遗漏的文字，没有就直接回车" if zh else "Missed words, or just Enter"
        text = typer.prompt(words, default="", show_default=False, err=True).strip()
        if not text:
            return
        decide(app, person, review.review_id, [Decision(Verdict.ADD, _kind(), text)])


def _show(review: Review, group: Group, count: str, language: Language) -> None:
    table = Table.grid(padding=(0, 1))
    for place in group.places[:3]:
        before, inside, after = around(
            review.material.segments[place.segment], place.start, place.end
        )
        line = Text.assemble(before, (inside, "bold reverse"), after)
        table.add_row(Text(place.where.pick(language), style="dim"), line)
    kind = group.kind.display.pick(language)
    title = Text(f"{count} {kind} × {len(group.places)}", style="cyan")
    console.print()
    console.print(title)
    console.print(table)


def _key(default: str) -> str:
    while True:
        key = typer.prompt(KEYS, default=default, show_default=False, err=True).strip()
        if key in KEYS.split("/"):
            return str(key)


def _kind() -> Kind:
    return choice(typer.prompt("种类 / kind", default=Kind.PERSON_NAME.value, err=True), Kind)
