"""`compliance bundle verify`: one check for every evidence bundle; `destroy bundle` makes one."""

from pathlib import Path
from typing import Annotated

import typer

from integrations.cli.options import AsJson, Out, PublicKey, file_or_folder, key_given, place
from integrations.cli.output import print_json, say
from integrations.cli.session import opened, read_settings
from integrations.cli.tickets import destroy

bundle = typer.Typer(
    name="bundle",
    help="证据包：离线核验 / Evidence bundles: checked offline",
    no_args_is_help=True,
)


@bundle.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(help="证据包 / the bundle, a zip")],
    key: PublicKey = "",
    as_json: AsJson = False,
) -> None:
    """离线核验事件、销毁、注销项目的证据包 / Check any evidence bundle, offline"""
    from assistant.app import signer_of
    from assistant.destruction.certificate_rows import moment
    from assistant.papers.check_bundle import CERTIFICATES, PURPOSES, check_bundle
    from integrations.cli.redact_files import read_untrusted

    data = read_untrusted(file)
    found = check_bundle(data, key_given(key) or signer_of(read_settings()).public_key)
    stated, kind = found.stated, PURPOSES[found.purpose]
    certificates = sum(
        name.startswith(CERTIFICATES) and name.endswith(".json") for name in found.members
    )
    if as_json:
        print_json({"purpose": found.purpose, "certificates": certificates, **stated})
        return
    mark = ("（演练）", " (DRILL)") if stated.get("drill") else ("", "")
    say(
        f"{kind.zh} {stated['number']}{mark[0]} 有效：签名相符，{found.files} 个文件、"
        f"{certificates} 份证明均未改动（{moment(stated['made_at'])} 制作）。",
        f"{kind.en} {stated['number']}{mark[1]} holds: signed by this key, {found.files} files, "
        f"{certificates} certificates unchanged.",
    )
    if stated.get("blockers"):
        say("其中写明的未了事项：", "Open points stated in it:")
        for name, count in stated["blockers"].items():
            typer.echo(f"  {name}: {count}")


@destroy.command("bundle")
def destruction_bundle(
    number: Annotated[str, typer.Argument(help="编号 / number, e.g. DES-2026-0001")],
    out: Out = Path(),
) -> None:
    """制作销毁证据包：证明、经过、批准、证据、签名清单 / The signed bundle of a destruction"""
    from assistant.destruction.bundle import export_destruction
    from integrations.cli.redact_files import write_files

    file_or_folder(out, ".zip")
    with opened() as (app, person):
        made = export_destruction(app, person, number)
    target = place(out, made.name)
    write_files({target: made.data})
    say(f"证据包：{target}（{made.files} 个文件）", f"Bundle: {target}")
    typer.echo(f"SHA-256 {made.sha256}")
