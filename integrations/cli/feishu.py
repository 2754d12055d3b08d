"""`compliance feishu`: start the assistant in Feishu or Lark."""

from integrations.cli.session import opened


def feishu() -> None:
    """启动飞书机器人（长连接，无需公网地址） / Start the Feishu bot (long connection, no public address)

    设置见 docs/feishu.md。 / To set it up, see docs/feishu.md.
    """
    from integrations.service import serve_feishu

    with opened() as (app, _person):
        serve_feishu(app)
