"""`compliance keys`: the master key exchanged."""

import typer

from integrations.cli.output import say
from integrations.cli.session import opened

keys = typer.Typer(name="keys", help="主密钥 / The master key", no_args_is_help=True)


@keys.command("rotate")
def rotate() -> None:
    """换用新的主密钥，已存的内容不必重新加密 / Exchange the master key; nothing is encrypted anew

    密钥在文件里：直接运行。密钥在环境变量里：先把新钥设为 COMPLIANCE_MASTER_KEY，旧钥设为
    COMPLIANCE_MASTER_KEY_PREVIOUS。 / A key file is renewed; a key in the environment is set anew first.
    """
    from assistant.rotate_master_key import rotate_master_key

    with opened() as (app, person):
        key_id = rotate_master_key(app, person)
    say(
        f"数据已改由主密钥 {key_id} 保护。旧钥（COMPLIANCE_MASTER_KEY_PREVIOUS）可以撤下；"
        "换钥以前的备份仍要用旧钥打开。",
        f"Everything is now under master key {key_id}. The old key (COMPLIANCE_MASTER_KEY_PREVIOUS) "
        "may go; backups made before still need it.",
    )
