"""What a command puts out: a reply for people, JSON for programs, complaints."""

import json
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from integrations.replies import Reply


def present(reply: "Reply", value: object, *, as_json: bool) -> None:
    """The reply for a person, or the value behind it for a program."""
    from integrations.cli.terminal import show_reply

    if as_json:
        print_json(value)
    else:
        show_reply(reply)


def print_json(value: object) -> None:
    """Any result of a verb as JSON."""
    from pydantic import TypeAdapter

    plain = TypeAdapter(type(value)).dump_python(value, mode="json")
    typer.echo(json.dumps(plain, ensure_ascii=False, indent=2))


def say(zh: str, en: str) -> None:
    """A sentence in both languages."""
    typer.echo(f"{zh}\n{en}")


def ask(zh: str, en: str) -> None:
    """Go on only if the person at the keyboard says so; what follows cannot be undone."""
    typer.confirm(f"{zh}不能撤回，继续？ / {en} It cannot be undone. Go on?", abort=True)


def complain(text: str) -> None:
    """A sentence on the error stream."""
    from rich.console import Console

    Console(stderr=True).print(text, style="red", markup=False, highlight=False)
