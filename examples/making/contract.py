"""服务合同.docx: header, footer, table, comment, text cut into runs, a tracked change."""

from making.marks import Ledger
from making.word import Letter

DETAILS = [
    ("项目", "甲方（客户）", "备注"),
    ("姓名", "⟦姓名:许念初⟧", "与证件一致"),
    ("出生日期", "⟦生日:1982年12月2日⟧", ""),
    ("手机", "⟦手机:19900002121⟧", "也是会员登录号"),
    ("微信", "⟦微信:xnc_qh_2121⟧", "仅用于派工沟通"),
    ("电子邮箱", "⟦邮箱:nianchu@example.net⟧", "接收电子发票"),
    ("服务地址", "⟦地址:杭州市萧山区归雁路77号听松里3幢1单元902室⟧", "与登记一致"),
    ("紧急联系人", "⟦姓名:许砚秋⟧，⟦手机:19900002122⟧", "甲方之兄"),
    ("付款账户", "招商银行 ⟦银行卡:6225 8800 0000 1470⟧", "自动续费已关闭"),
    ("入户方式", "门锁密码 ⟦密码:770902*⟧，车位 ⟦车牌:浙A0N21K⟧", "服务结束后七日内清除"),
]


def make(ledger: Ledger) -> bytes:
    """The contract as the branch office filed it."""
    letter = Letter(ledger, title="家政服务合同（⟦姓名:许念初⟧）", author="⟦姓名:毕云舟⟧")
    letter.header(
        "合同编号 ⟦留:QH-HT-20250214-2121|合同编号⟧　客户：⟦姓名:许念初⟧　⟦手机:19900002121⟧"
    )
    letter.footer("青禾家居服务有限公司　客服热线 ⟦留:400-000-0123|公司客服热线⟧")
    letter.title("家政服务合同")
    letter.pieces(
        "甲方：许",
        "念初",
        "，公民身份号码 330109",
        "19821202",
        "9960，以下称甲方。",
        marked="甲方：⟦姓名:许念初⟧，公民身份号码 ⟦身份证:330109198212029960⟧，以下称甲方。",
    )
    letter.paragraph(
        "乙方：青禾家居服务有限公司，统一社会信用代码 ⟦信用代码:91330106MA0QH0003X⟧，以下称乙方。"
    )
    letter.paragraph(
        "签订日期：⟦留:2025年2月14日|合同日期，不是出生日期⟧　"
        "服务期：2025年3月1日至2027年2月28日　"
        "合同总价：⟦留:人民币 28,800.00 元|金额⟧"
    )
    letter.heading("第一条　双方信息")
    letter.table(DETAILS, widths=(3, 8.6, 4.6))
    _terms(letter)
    _signatures(letter)
    return letter.data()


def _terms(letter: Letter) -> None:
    letter.heading("第二条　服务内容")
    letter.paragraph(
        "乙方每周三上午派家政员上门保洁一次，每次四小时；"
        "首任家政员为⟦姓名:单于蓝⟧（工号 ⟦留:JZ-0042|工号⟧）。"
    )
    letter.heading("第三条　个人信息")
    letter.paragraph(
        "乙方为履行本合同使用第一条所列信息，不用于推销。合同终止满三年且双方没有争议的，"
        "乙方销毁纸质合同与证件复印件；门锁密码在最后一次服务后七日内清除。"
    )
    changed = letter.paragraph("服务地址变更为：")
    letter.tracked(
        changed,
        old="⟦地址:杭州市萧山区枕溪路2号望山公寓B座1706⟧，联系电话⟦手机:13500002199⟧",
        new="⟦地址:杭州市萧山区归雁路77号听松里3幢1单元902室⟧，联系电话不变",
        author="⟦姓名:吕知微⟧",
    )
    letter.heading("第八条　退款")
    refund = letter.paragraph(
        "8.2　服务提前终止的，乙方在十五日内按剩余次数退还费用，"
        "违约金不超过未履行部分的 ⟦留:5%|比例⟧。"
    )
    letter.comment(
        refund.runs[0],
        "客户 11 月 6 日来电（⟦手机:199-0000-2121⟧）要求退款，打到配偶⟦姓名:方既明⟧的"
        "建行卡 ⟦银行卡:6217000000002121006⟧，等本人书面确认。",
        author="⟦姓名:毕云舟⟧",
    )
    letter.paragraph(
        "争议向乙方住所地人民法院起诉，也可先拨打 ⟦留:12315|消费者投诉热线⟧ "
        "或 ⟦留:12345|政务热线⟧ 申请调解。"
    )


def _signatures(letter: Letter) -> None:
    letter.heading("签署")
    letter.paragraph("甲方（签字）：⟦姓名:许念初⟧　　　　日期：2025-02-14")
    letter.paragraph("乙方（盖章）：青禾家居服务有限公司　经办：⟦姓名:吕知微⟧　日期：2025-02-14")
