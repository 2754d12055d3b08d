"""One of each thing that comes from outside, whole: what is then damaged."""

import io
import json
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import docx
import pikepdf
from pikepdf import Name
from PIL import Image
from pptx import Presentation

from assistant.papers.bundle import About, make_bundle
from pii.formats.registry import FORMATS
from records.language import Bilingual
from records.signing import Signer

ROOT = Path(__file__).parents[2]


EXAMPLES = ROOT / "examples"


ARTICLES = """第一条 为了保护客户信息，制定本办法。
第二条 客户信息应当妥善保管：
（一）不得外借；
（二）至少保存三年。
"""
TEXTS = {
    ".txt": ARTICLES.encode(),
    ".md": f"# 示例办法\n\n{ARTICLES}".encode(),
    ".html": f"<!doctype html><h1>示例办法</h1><p>{ARTICLES.replace(chr(10), '</p><p>')}</p>".encode(),
}


RECORDS = """资料种类,单位类型,解约日期,是否有争议
身份证复印件,公司,2021-06-30,否
客户合同,公司,2018年7月30日,否
"""


BOUNCE = b"""Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Final-Recipient: rfc822; a@client.example
Action: failed
Status: 5.1.1
--b
Content-Type: message/rfc822

Message-ID: <n-2026-0001-0003.1.0123456789abcdef@qinghe.example>
Subject: x

--b--
"""


SIGNER = Signer(b"s" * 32)


def bundle() -> bytes:
    """An evidence bundle as we make them."""
    said = Bilingual("示例", "Example")
    about = About(
        "a", said, "INC-2026-0001", datetime(2026, 11, 23, 2, 0, tzinfo=UTC), "P-1", {}, (), {}, "x"
    )
    return make_bundle(about, {"a.txt": (said, b"1")}, SIGNER).data


def mail() -> bytes:
    """A mail with an attachment."""
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
    """A white one, eight points a side, in every format."""
    made = {}
    for suffix in (".png", ".jpg", ".gif", ".bmp", ".tif", ".webp"):
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


def page() -> bytes:
    """A PDF of one page with a number on it, a form field and an attachment."""
    made, out = pikepdf.new(), io.BytesIO()
    font = pikepdf.Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    field = pikepdf.Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="phone", V="13800138000",
        Rect=[20, 20, 90, 40],
    )  # fmt: skip
    sheet = pikepdf.Dictionary(
        Type=Name.Page, MediaBox=[0, 0, 200, 200],
        Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font)),
        Contents=made.make_stream(b"BT /F1 12 Tf 20 100 Td (13800138000) Tj ET"),
        Annots=[made.make_indirect(field)],
    )  # fmt: skip
    made.pages.append(pikepdf.Page(made.make_indirect(sheet)))
    made.Root.AcroForm = pikepdf.Dictionary(Fields=[sheet.Annots[0]])
    made.attachments["a.txt"] = b"13800138000"
    made.docinfo["/Title"] = "13800138000"
    # Neither packed nor numbered in a stream: damage meets what it says.
    made.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def letter() -> bytes:
    """An Office document of two articles."""
    made, out = docx.Document(), io.BytesIO()
    for line in ARTICLES.splitlines():
        made.add_paragraph(line)
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
        ".pdf": page(),
        **pictures(),
        ".pptx": slide(),
        ".ics": b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:13800138000\r\nEND:VEVENT\r\nEND:VCALENDAR",
        ".vcf": b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:a\r\nTEL;TYPE=CELL:13800138000\r\nEND:VCARD\r\n",
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
