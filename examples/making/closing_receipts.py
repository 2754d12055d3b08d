"""注销通知回执.docx: the closing notice with three filled-in receipts."""

from making.marks import Ledger
from making.word import Letter

RECEIPTS = [
    (
        "⟦姓名:沈临川⟧",
        "⟦手机:18600001515⟧",
        "⟦身份证:410105197711139996⟧",
        "⟦地址:杭州市滨江区云帆街88号鹭洲新村2幢601室⟧",
        "退款",
        "招商银行 ⟦银行卡:6226 0900 0000 0016 952⟧",
    ),
    (
        "⟦姓名:朱可盈⟧",
        "⟦手机:177-0000-1818⟧",
        "⟦身份证:330108199609259981⟧",
        "⟦地址:杭州市滨江区云帆街90号1204室⟧",
        "暂不处理，投诉未了结",
        "——",
    ),
    (
        "⟦姓名:欧阳晴岚⟧",
        "⟦手机:15900003232⟧",
        "不愿填写",
        "⟦地址:济南市历下区听松里19号楼2单元502⟧",
        "同意转移",
        "支付宝 ⟦支付宝:15900003232⟧",
    ),
]
FIELDS = ("客户姓名", "联系电话", "身份证号（选填）", "联系地址", "本人选择", "退款账户")


def make(ledger: Ledger) -> bytes:
    """The notice as sent, followed by what three customers sent back."""
    letter = Letter(ledger, title="公司注销暨客户信息处理通知回执", author="清算组")
    letter.header("青禾家居服务有限公司清算组　通知编号 ⟦留:QSZ-TZ-2026-004|通知编号⟧")
    letter.footer("回执请寄：杭州市西湖区青桐路2号 清算组（公司注册地址）")
    letter.title("公司注销暨客户信息处理通知")
    letter.paragraph(
        "本公司股东会于2026年10月12日决定解散，清算组已于10月20日成立。"
        "您的服务到11月30日为止。您可以选择退款，也可以选择由⟦单位:杭州禾安到家服务有限公司⟧"
        "（统一社会信用代码 ⟦信用代码:91330105MA0WY0036T⟧，"
        "联系电话 ⟦座机:0571-80000900⟧）继续服务。"
    )
    letter.paragraph(
        "选择转移的，接收方只得到姓名、电话、服务地址和剩余次数，仍按原来的用途使用；"
        "改变用途要另外征得您同意。未选择转移的，我们不会把您的信息交出。"
    )
    letter.paragraph(
        "债权申报截至2026年12月17日。咨询：⟦留:400-000-0123|公司客服热线⟧（9:00—18:00）。"
    )
    for number, receipt in enumerate(RECEIPTS, start=1):
        letter.heading(f"回执 {number}", 2)
        rows = [("项目", "填写内容"), *zip(FIELDS, receipt, strict=True)]
        letter.table(rows, widths=(4, 12))
    _office_notes(letter)
    return letter.data()


def _office_notes(letter: Letter) -> None:
    letter.heading("经办人记录", 2)
    received = letter.paragraph(
        "回执 1 于 11 月 12 日收到，信封寄件人写的是“⟦姓名:沈太太⟧ ⟦手机:18600001516⟧”；"
        "回执 3 以照片形式发到微信 ⟦微信:ouyang_qinglan_00⟧ 对话中。"
    )
    letter.comment(
        received.runs[0],
        "照片里拍到孩子的医保卡，卡号 ⟦医保:A00000003233⟧，请让⟦姓名:翟春晓⟧重传一张打码的。",
        author="⟦姓名:查慕远⟧",
    )
    letter.pieces(
        "回执 3 的旧手机 ",
        "1590",
        "0003",
        "299",
        " 已停用；挂号信单号 ",
        "XA0000123",
        "4533",
        "，邮费 12.60 元。",
        marked="回执 3 的旧手机 ⟦手机:15900003299⟧ 已停用；"
        "挂号信单号 ⟦留:XA00001234533|挂号信单号⟧，邮费 ⟦留:12.60 元|金额⟧。",
    )
    letter.paragraph("登记：⟦姓名:查慕远⟧　复核：岗位05　2026-11-16")
