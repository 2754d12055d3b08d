"""`compliance vault …` and `compliance verify-report`."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import AsJson, DryRun, Lang, PublicKey, key_given
from integrations.cli.output import print_json, say
from integrations.cli.session import opened, read_settings

if TYPE_CHECKING:
    from records.certificates import Certificate
    from records.signing import Statement

vault = typer.Typer(
    name="vault",
    help="保险库：案卷、还原、销毁密钥 / Cases, restoring, shredding",
    no_args_is_help=True,
)

Out = Annotated[Path, typer.Option("--out", help="放结果的文件夹 / folder for the results")]


@vault.command("list")
def list_all(lang: Lang = None, as_json: AsJson = False) -> None:
    """列出客户、案卷和证明 / List clients, cases and certificates"""
    from assistant.redaction.cases import list_vault
    from integrations.cli.vault_tables import show_vault

    with opened() as (app, person):
        view = list_vault(app, person)
    if as_json:
        print_json(view)
    else:
        show_vault(view, lang or app.settings.language)


@vault.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(help="脱敏副本 / redacted copy")],
    case: Annotated[str, typer.Option("--case", help="案卷 / case")],
    reason: Annotated[str, typer.Option("--reason", help="事由，记入日志 / reason, put on record")],
    out: Out = Path(),
) -> None:
    """把副本里的代称、替代值、密码串还原 / Turn stand-ins in a copy back"""
    from assistant.redaction.restore_file import restore_file
    from integrations.cli.redact_files import read_untrusted, write_files

    with opened() as (app, person):
        data = read_untrusted(file)
        restored = restore_file(app, person, data, file.name, case=case, reason=reason)
        target = out / restored.name
        write_files({target: restored.data})
        say(
            f"还原了 {restored.places} 处，结果含个人信息，请妥善保管：{target}",
            f"{restored.places} places restored. The result holds personal data: {target}",
        )


@vault.command("shred")
def shred(
    client: Annotated[str, typer.Argument(help="客户名称或编号 / name or number of the client")],
    reason: Annotated[str, typer.Option("--reason", help="事由 / reason")] = "",
    confirm: Annotated[
        str, typer.Option("--confirm", help="再写一次客户名称 / the client's name once more")
    ] = "",
    dry_run: DryRun = False,
    out: Out = Path(),
) -> None:
    """销毁一个客户的密钥并出具证明 / Destroy a client's key; get the certificate"""
    from assistant.destruction.shred_client import shred_client, try_shredding

    with opened() as (app, person):
        if dry_run:
            gone = try_shredding(app, person, client)
            say(
                f"会销毁客户 {gone.client_id} 的密钥：{gone.cases} 个案卷、{gone.entries} 条从此不能还原。"
                "还没有销毁。",
                f"Would destroy the key of client {gone.client_id}: {gone.cases} cases and "
                f"{gone.entries} entries could never be restored. Nothing was destroyed.",
            )
            return
        confirm = confirm or typer.prompt(
            "销毁后无法还原。请再输入一次客户名称 / This cannot be undone. Type the client's name"
        )
        certificate = shred_client(app, person, client, confirmation=confirm, reason=reason)
        _write_certificate(certificate, app.signer.public_key, out)


@vault.command("certificate")
def certificate(
    serial: Annotated[str, typer.Argument(help="编号 / serial, e.g. CE-2026-0001")],
    out: Out = Path(),
) -> None:
    """再取一份证明 / Get a certificate once more"""
    from assistant.destruction.shred_client import read_certificate

    with opened() as (app, person):
        _write_certificate(read_certificate(app, person, serial), app.signer.public_key, out)


@vault.command("certify")
def certify() -> None:
    """补出中断时没出完的证明 / Complete certificates after a shredding that was cut short"""
    from assistant.destruction.shred_client import complete_certificates

    with opened() as (app, person):
        count = complete_certificates(app, person)
    say(f"补出 {count} 份证明。", f"{count} certificates completed.")


@vault.command("rotate")
def rotate() -> None:
    """轮换主控密钥，不动内容 / Exchange the key-encryption key; no entry is touched"""
    from assistant.operations.rotate_vault_key import rotate_vault_key

    with opened() as (app, person):
        count = rotate_vault_key(app, person)
    say(f"{count} 个客户的密钥已改由新的主控密钥包裹。", f"{count} client keys wrapped anew.")


@vault.command("public-key")
def public_key() -> None:
    """显示核验签名用的公钥 / Show the public key that checks our signatures"""
    typer.echo(_own_key())


@vault.command("verify-certificate")
def verify_certificate(
    file: Annotated[Path, typer.Argument(help="证明的 JSON / the JSON of a certificate")],
    key: PublicKey = "",
) -> None:
    """离线核验销毁证明 / Check a certificate, offline"""
    from records.beijing import to_the_minute
    from records.certificates import PURPOSE

    body = _statement(file, key, PURPOSE).body
    serial = body["serial"]
    at = to_the_minute(datetime.fromisoformat(body["destroyed_at"]))
    say(
        f"证明 {serial} 有效：签名相符，内容自出具后未改动（销毁于 {at}）。",
        f"Certificate {serial} holds: signed by this key and unchanged since (destroyed {at}).",
    )


def verify_report(
    summary: Annotated[Path, typer.Argument(help="签名摘要 / the signed summary")],
    copy: Annotated[
        Path | None, typer.Option("--copy", help="一并核对副本 / check this copy too")
    ] = None,
    key: PublicKey = "",
) -> None:
    """离线核验脱敏报告的签名摘要 / Check the signed summary of a redaction, offline"""
    from assistant.redaction.redacted_copies import SUMMARY_PURPOSE
    from integrations.cli.redact_files import read_untrusted
    from records.errors import Conflict

    body = _statement(summary, key, SUMMARY_PURPOSE).body
    if (
        copy is not None
        and hashlib.sha256(read_untrusted(copy)).hexdigest() != body["redacted_sha256"]
    ):
        raise Conflict(
            "摘要的签名相符，但这份副本不是摘要所说的那一份。",
            "The signature holds, but this copy is not the one the summary speaks of.",
        )
    total = sum(body["counts"].values())
    say(
        f"摘要有效：{body['document']}，策略 {body['policy']}，{total} 处。"
        + ("副本一致。" if copy else ""),
        f"The summary holds: {body['document']}, policy {body['policy']}, {total} places."
        + (" The copy is that one." if copy else ""),
    )


def _statement(file: Path, key: str, purpose: str) -> "Statement":
    from integrations.cli.redact_files import read_untrusted
    from records.signing import BadSignature, verify

    statement = verify(read_untrusted(file), key_given(key) or _own_key())
    if statement.purpose != purpose:
        raise BadSignature(
            "签名相符，但这是另一种文件。请核对给的是证明还是摘要。",
            "The signature holds, but this is another kind of statement than asked for.",
        )
    return statement


def _own_key() -> str:
    """Our public key, from the keys alone: neither database nor permission is needed."""
    from assistant.app import signer_of

    return signer_of(read_settings()).public_key


def _write_certificate(certificate: "Certificate", key: str, folder: Path) -> None:
    from integrations.cli.redact_files import write_files
    from records.certificates import certificate_page

    target = folder / f"{certificate.serial}.json"
    page = certificate_page(certificate, key)
    write_files({target: certificate.text.encode(), target.with_suffix(".html"): page.encode()})
    say(f"证明：{target}（另有可读的 .html）", f"Certificate: {target} (and a readable .html)")
