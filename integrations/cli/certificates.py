"""`compliance certificate …`: certificates of destruction, and the register they stand in."""

from pathlib import Path
from typing import Annotated

import typer

from integrations.cli.options import Out, PublicKey, file_or_folder, key_given, place
from integrations.cli.output import say
from integrations.cli.session import opened, read_settings

certificate = typer.Typer(
    name="certificate",
    help="销毁证明与登记簿 / Certificates of destruction and the register",
    no_args_is_help=True,
)
Serial = Annotated[str, typer.Argument(help="证明编号 / serial, e.g. DC-2026-00001")]


@certificate.command("get")
def get(serial: Serial, out: Out = Path()) -> None:
    """取证明：PDF 与签名 JSON / Get a certificate: PDF and signed JSON"""
    from assistant.destruction.certificate import read_destruction_certificate
    from integrations.cli.redact_files import write_files

    file_or_folder(out, ".pdf")
    with opened() as (app, person):
        issued = read_destruction_certificate(app, person, serial)
    target = place(out, f"{issued.entry.serial}.pdf")
    write_files({target: issued.pdf, target.with_suffix(".json"): issued.entry.text.encode()})
    say(f"证明：{target}（另有签名的 .json）", f"Certificate: {target} (and a signed .json)")


@certificate.command("register")
def register(
    out: Annotated[Path | None, typer.Option("--out", help="CSV 文件 / CSV file")] = None,
) -> None:
    """永久登记簿：核对哈希链，显示或导出 CSV / The permanent register: checked, shown or as CSV"""
    from assistant.destruction.certificate import list_register, register_csv
    from assistant.destruction.certificate_rows import moment as local
    from integrations.cli.redact_files import write_files

    with opened() as (app, person):
        view = list_register(app, person)
    if out is not None:
        write_files({out: register_csv(view).encode("utf-8-sig")})
    for one in view.entries:
        typer.echo(f"{one.number}\t{one.serial}\t{one.ticket_id}\t{local(one.body['issued_at'])}")
    if view.check.broken_at is not None:
        say(
            f"登记簿在第 {view.check.broken_at} 号处断开：有改动或缺失。",
            f"The register breaks at number {view.check.broken_at}: changed or missing.",
        )
        raise typer.Exit(1)
    say(
        f"登记簿完整：{view.check.entries} 份。",
        f"The register is whole: {view.check.entries} entries.",
    )


@certificate.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(help="证明的 PDF 或 JSON / PDF or JSON")],
    key: PublicKey = "",
) -> None:
    """离线核验销毁证明 / Check a certificate of destruction, offline"""
    from assistant.app import signer_of
    from assistant.destruction.certificate import verify_destruction_certificate
    from assistant.destruction.certificate_rows import moment
    from integrations.cli.redact_files import read_untrusted
    from tickets.destruction.register import chain_hash

    issuer = key_given(key) or signer_of(read_settings()).public_key
    body = verify_destruction_certificate(read_untrusted(file), issuer).body
    serial, at = body["serial"], moment(body["carried_out"]["at"])
    say(
        f"证明 {serial} 有效：签名相符，内容未改动（销毁于 {at}）。",
        f"Certificate {serial} holds: signed by this key, unchanged (destroyed {at}).",
    )
    typer.echo(f"SHA-256 {chain_hash(body)}")
