"""`compliance keys`: the master key exchanged."""

import typer

from integrations.cli.output import say
from integrations.cli.session import opened
from records.wrapping_keys import SERVICE

keys = typer.Typer(name="keys", help="主密钥 / The master key", no_args_is_help=True)


@keys.command("rotate")
def rotate() -> None:
    """换用新的主密钥，已存的内容不必重新加密 / Exchange the master key; nothing is encrypted anew

    密钥在文件里：直接运行。密钥在环境变量里：先把新钥设为 COMPLIANCE_MASTER_KEY，旧钥设为
    COMPLIANCE_MASTER_KEY_PREVIOUS。改用密钥服务：设好它的两条命令，旧钥同样放到 …_PREVIOUS，不再设
    COMPLIANCE_MASTER_KEY。 / A key file is renewed; a key in the environment is set anew first; with a
    key service set its two commands, and the old key as previous only.
    """
    from assistant.operations.rotate_master_key import rotate_master_key

    with opened() as (app, person):
        done = rotate_master_key(app, person)
    if done.before == done.key_id != SERVICE:
        say(
            f"数据仍由主密钥 {done.key_id} 保护，与之前相同。要换新钥，请设 COMPLIANCE_MASTER_KEY（新）与 "
            "COMPLIANCE_MASTER_KEY_PREVIOUS（旧）后再运行；改用密钥服务，只把现在的钥设为 …_PREVIOUS。",
            f"Everything is under master key {done.key_id}, as before. For a new one set "
            "COMPLIANCE_MASTER_KEY (the new) and COMPLIANCE_MASTER_KEY_PREVIOUS (the old), for a key "
            "service set the present one as …_PREVIOUS only; then run this again.",
        )
        return
    old = done.old_file or "COMPLIANCE_MASTER_KEY_PREVIOUS"
    say(
        f"数据已改由主密钥 {done.key_id} 保护。旧钥（{old}）可以撤下；换钥以前的备份仍要用旧钥打开。",
        f"Everything is now under master key {done.key_id}. The old key ({old}) may go; "
        "backups made before still need it.",
    )
