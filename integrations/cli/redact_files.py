"""`compliance redact FILE…`: copies and reports; one bad file never stops the rest."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track

from assistant.app import App
from assistant.redaction.cases import OpenCase, open_case, survey_files
from assistant.redaction.redact_file import Wish, redact_file
from assistant.redaction.redacted_copies import RedactedFile
from integrations.cli.terminal import show_redactions, show_reply
from integrations.replies import redaction_reply
from pii.case import Case
from pii.formats.opening import STANDARD_LIMITS
from pii.places import write_whole
from pii.report_page import report_page
from records.errors import BadInput, NotFound, ProductError
from records.language import Language
from records.people import Person

errors = Console(stderr=True)


def redact_paths(
    app: App,
    person: Person,
    files: list[Path],
    *,
    out: Path | None,
    wish: Wish,
    language: Language,
    as_json: bool,
) -> int:
    """How many files failed. Each result is written whole or not at all, beside its original.

    All files of a command are one case: whoever is certain in one is hidden in all.
    """
    case = open_case(app, person, wish.case, client=wish.client) if wish.case else Case()
    if len(files) > 1:
        inner = case.case if isinstance(case, OpenCase) else case
        survey_files(app, person, _readable(files), inner, passwords=wish.passwords)
    failed, written = 0, []
    for number, path in enumerate(track(files, console=errors, transient=True), start=1):
        try:
            written.append(_redact_one(app, person, path, out or path.parent, wish, case))
        except ProductError as error:
            failed += 1
            # The name of a client file may itself be personal data: it is given by its number.
            errors.print(f"[{number}] {error.message.pick(language)}", style="red", markup=False)
    _show(written, language, as_json=as_json)
    return failed


def print_reports(written: Sequence[tuple[RedactedFile, Path]]) -> None:
    """Every report as one JSON array."""
    reports = [json.loads(file.report.to_json()) for file, _ in written]
    Console().print_json(json.dumps(reports, ensure_ascii=False))


def _show(
    written: Sequence[tuple[RedactedFile, Path]], language: Language, *, as_json: bool
) -> None:
    if as_json:
        print_reports(written)
    elif len(written) == 1:
        file, target = written[0]
        show_reply(redaction_reply(file, language=language))
        Console().print(f"→ {target}", markup=False, highlight=False, soft_wrap=True)
    elif written:
        show_redactions([file for file, _ in written], language)
        Console().print(f"→ {written[0][1].parent}", markup=False, highlight=False, soft_wrap=True)


def _readable(files: Sequence[Path]) -> Iterator[tuple[bytes, str]]:
    """The files that can be read; the others are told when it is their turn."""
    for path in track(files, console=errors, transient=True):
        try:
            yield read_untrusted(path), path.name
        except ProductError:
            continue


def passwords_in(file: Path) -> tuple[str, ...]:
    """The passwords in a text file, one a line."""
    text = read_untrusted(file).decode("utf-8-sig", "replace")
    return tuple(line for line in text.splitlines() if line)


def _redact_one(
    app: App, person: Person, path: Path, folder: Path, wish: Wish, case: OpenCase | Case
) -> tuple[RedactedFile, Path]:
    file = redact_file(
        app,
        person,
        read_untrusted(path),
        path.name,
        policy=wish.policy,
        case=case,
        subject=wish.subject,
        passwords=wish.passwords,
        pages=wish.pages,
    )
    return file, write_result(file, folder)


def write_result(file: RedactedFile, folder: Path) -> Path:
    """Where the copy now lies, its reports beside it; each written whole or not at all."""
    target = folder / file.name
    write_files(
        {
            target: file.data,
            target.with_name(f"{target.name}.report.json"): file.report.to_json().encode(),
            target.with_name(f"{target.name}.report.html"): report_page(file.report).encode(),
            target.with_name(f"{target.name}.summary.json"): file.summary.encode(),
        }
    )
    return target


def read_untrusted(path: Path) -> bytes:
    """The bytes of a client file within the limits. Raises NotFound, BadInput."""
    if not path.is_file():
        raise NotFound("没有这个文件。请核对路径。", "No such file. Please check the path.")
    if path.stat().st_size > STANDARD_LIMITS.size:
        raise BadInput(
            f"文件超过 {STANDARD_LIMITS.size >> 20} MB。请拆分后再处理。",
            f"The file is over {STANDARD_LIMITS.size >> 20} MB. Split it first.",
        )
    try:
        return path.read_bytes()
    except OSError:
        raise BadInput(
            "文件读不出来。请检查权限。", "The file cannot be read. Check rights."
        ) from None


def write_files(files: dict[Path, bytes]) -> None:
    """Each file whole or not at all. Raises BadInput where they cannot be written."""
    try:
        for target, data in files.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, data)
    except OSError:
        raise BadInput(
            "结果写不进目标文件夹。请检查权限和空间，或用 --out 另选文件夹。",
            "The result cannot be written there. Check rights and space, or choose --out.",
        ) from None
