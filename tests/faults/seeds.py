"""One of each thing that comes from outside, whole: what is then damaged."""

import io
import json
import zipfile
from email.message import EmailMessage
from pathlib import Path

from PIL import Image
from pptx import Presentation

from pii.formats.registry import FORMATS

ROOT = Path(__file__).parents[2]


EXAMPLES = ROOT / "examples"


def mail() -> bytes:
    """A mail with an attachment and a delivery status."""
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = "退信", "a@b.example", "c@d.example"
    made.set_content("电话 13800138000")
    made.add_attachment(b"a,b\n1,2", maintype="text", subtype="csv", filename="表.csv")
    return bytes(made)


def zipped(*members: tuple[str, bytes]) -> bytes:
    """A zip of these."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def pictures() -> dict[str, bytes]:
    """A white one, eight points a side, in every format but PNG."""
    made = {}
    for suffix in (".jpg", ".gif", ".bmp", ".tif", ".webp"):
        out = io.BytesIO()
        Image.new("RGB", (8, 8), "white").save(out, Image.registered_extensions()[suffix])
        made[suffix] = out.getvalue()
    return made


def slide() -> bytes:
    """A presentation with a number and a note."""
    made, out = Presentation(), io.BytesIO()
    page = made.slides.add_slide(made.slide_layouts[5])
    page.shapes.title.text = "13800138000"
    page.notes_slide.notes_text_frame.text = "13800138000"
    made.save(out)
    return out.getvalue()


def files() -> dict[str, bytes]:
    """One small file of every format that has one among the examples, or is quickly made."""
    found = {
        path.suffix: path.read_bytes() for path in sorted((EXAMPLES / "client_files").iterdir())
    }
    found |= {
        ".eml": mail(),
        ".zip": zipped(("a.txt", b"13800138000"), ("b.eml", mail())),
        ".json": b'{"name": "a", "phone": ["13800138000"]}',
        ".jsonl": b'{"a": 1}\n{"a": "13800138000"}\n',
        ".html": "<!doctype html><p title=x>电话<b>138</b>00138000<script>1</script>".encode(),
        ".xml": b"<?xml version='1.0'?><a b='c'><!-- d --><![CDATA[e]]></a>",
        ".pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]"
        b"/Count 0>>endobj\ntrailer<</Root 1 0 R>>",
        **pictures(),
        ".pptx": slide(),
        ".ics": b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:13800138000\r\nEND:VEVENT\r\nEND:VCALENDAR",
        ".vcf": b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:a\r\nTEL;TYPE=CELL:13800138000\r\nEND:VCARD\r\n",
        ".png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\b\2\0\0\0",
    }
    return {suffix: data for suffix, data in found.items() if suffix in FORMATS}


FILES = files()


EVENT = {
    "type": "event_callback", "team_id": "T1", "event_id": "Ev1", "api_app_id": "A1",
    "authorizations": [{"team_id": "T1", "user_id": "U9", "is_bot": True}],
    "event": {"type": "app_mention", "user": "U1", "text": "<@U9> 问", "ts": "1764100000.000100",
              "channel": "C1", "channel_type": "im", "thread_ts": "1764100000.000100", "team": "T1"},
}  # fmt: skip


PRESS = {
    "type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T1"},
    "channel": {"id": "C1"}, "container": {"message_ts": "1764100000.0001", "channel_id": "C1"},
    "actions": [{"action_id": "act:take", "value": "INC-2026-0001|1", "action_ts": "1764100000.1"}],
    "response_url": "https://hooks.slack.com/x", "trigger_id": "1.2", "message": {"ts": "1.1"},
}  # fmt: skip


FORM = {
    "type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"},
    "view": {"id": "V1", "callback_id": "form:incident", "private_metadata": "{}", "hash": "h",
             "state": {"values": {"b": {"a": {"type": "plain_text_input", "value": "x"}}}}},
}  # fmt: skip


COMMAND = {"command": "/compliance", "text": "问题", "user_id": "U1", "team_id": "T1",
           "channel_id": "C1", "trigger_id": "1.2", "response_url": "https://hooks.slack.com/x"}  # fmt: skip


PARTICULARS = """---
name: 示例办法
adopted: 2023-12-01
effective: 2024-01-01
audience: legal
owner: 法务部
version: V1.2
---
第一条 客户信息应当妥善保管。
"""


CLIENTS = """客户编号,姓名,邮箱,地址,资料种类,解约日期,敏感
A-1,周明轩,a@client.example,杭州市示例路1号,身份证件复印件,2018-06-30,是
A-2,何雨桐,b@client.example,,客户合同,2018年7月30日,否
"""


REPLY = json.dumps(
    {
        "conclusion": {"text": "应当删除。", "sources": ["S1"], "quote": "主动删除"},
        "conditions": [{"text": "除非另有规定。", "sources": ["S1"], "quote": None}],
    },
    ensure_ascii=False,
)


FEISHU = {
    "schema": "2.0",
    "header": {"event_type": "im.message.receive_v1", "event_id": "e1", "tenant_key": "t", "app_id": "c"},
    "event": {
        "sender": {"sender_id": {"open_id": "ou_1"}, "sender_type": "user", "tenant_key": "t"},
        "message": {
            "message_id": "om_1", "chat_id": "oc_1", "chat_type": "group", "message_type": "post",
            "create_time": "1795399200000", "root_id": "om_0",
            "content": json.dumps({"title": "问", "content": [[{"tag": "text", "text": "@_user_1 好"}]]}),
            "mentions": [{"key": "@_user_1", "id": {"open_id": "ou_bot"}, "name": "合规助手"}],
        },
        "operator": {"open_id": "ou_1", "tenant_key": "t", "operator_id": {"open_id": "ou_1"}},
        "action": {
            "value": {"form": "incident", "act": "help", "choice": "a", "say": "right", "about": "Q-1"},
            "form_value": {"people": "12", "kinds": ["a"], "aware_at": "2026-11-23 09:30 +0800"},
        },
        "context": {"open_message_id": "om_1", "open_chat_id": "oc_1"},
        "event_key": "ask",
    },
}  # fmt: skip
