"""上门服务派工单.xlsx: a form with labels beside values, one sheet named after a worker."""

from dataclasses import dataclass

from making.marks import Ledger
from making.sheets import Book
from openpyxl.styles import Alignment, Font


@dataclass(frozen=True)
class Visit:
    """One dispatch form; every text is marked."""

    sheet: str
    order: str
    worker: str
    worker_phone: str
    customer: str
    phone: str
    address: str
    at: str
    door: str
    price: str
    remarks: str


VISITS = (
    Visit(
        sheet="11月18日上午",
        order="⟦留:PG-20261118-001|派工单号⟧",
        worker="⟦姓名:贺兰溪⟧",
        worker_phone="#⟦手机:15300004141⟧",
        customer="⟦姓名:林小满⟧",
        phone="#⟦手机:13800000101⟧",
        address="⟦地址:杭州市西湖区青桐路18号云栖里小区3幢2单元501室⟧",
        at="2026-11-18 09:00—13:00",
        door="电子锁，密码 ⟦密码:852146#⟧，离开时锁好",
        price="#198",
        remarks="客厅有猫，勿开阳台门。客户新号⟦手机:139 0000 7766⟧，旧号月底停。",
    ),
    Visit(
        sheet="⟦姓名:单于蓝⟧ 11月18日",
        order="⟦留:PG-20261118-002|派工单号⟧",
        worker="⟦姓名:单于蓝⟧",
        worker_phone="#⟦手机:17700004242⟧",
        customer="⟦姓名:许念初⟧",
        phone="⟦手机:199 0000 2121⟧",
        address="⟦地址:杭州市萧山区归雁路77号听松里3幢1单元902室⟧",
        at="2026-11-18 14:00—18:00",
        door="门锁密码 ⟦密码:770902*⟧；车位在地下二层，登记车牌 ⟦车牌:浙A0N21K⟧",
        price="#256.5",
        remarks="定位 ⟦坐标:30.1836°N, 120.2644°E⟧，导航到西门；孩子⟦姓名:方小禾⟧在家，"
        "⟦生日:2023年6月9日⟧出生，不要单独留她。",
    ),
    Visit(
        sheet="11月19日全天",
        order="⟦留:PG-20261119-001|派工单号⟧",
        worker="⟦姓名:查慕远⟧",
        worker_phone="⟦手机:１８０００００４３４３⟧",
        customer="⟦姓名:Emily Hartwell⟧",
        phone="⟦手机:+86-198-0000-2222⟧",
        address="⟦地址:杭州市西湖区青桐路18号6号楼1502室⟧",
        at="2026-11-19 09:00—17:00",
        door="物业登记后上楼，访客码 ⟦密码:VC-1502-88⟧",
        price="#520",
        remarks="讲英语；紧急联系人 ⟦姓名:Tomasz Zielonka⟧ ⟦手机:199-0000-7788⟧。"
        "家中监控设备地址 ⟦IP:192.0.2.150⟧、⟦MAC:00-00-5E-00-53-50⟧，请勿断电。",
    ),
)
NUMBERS = [
    ("派工单号", "订单号", "客户评分", "里程(公里)", "结算金额(元)"),
    ("PG-20261118-001", "⟦留:330106202603110005|18位订单号，校验位不对⟧", "#5", "#6.2", "#198"),
    (
        "PG-20261118-002",
        "⟦留:202603110900152131|18位订单号，校验位不对⟧",
        "#4.8",
        "#18.9",
        "#256.5",
    ),
    ("PG-20261119-001", "⟦留:202603110900152147|18位订单号，校验位不对⟧", "#5", "#3.4", "#520"),
]


def make(ledger: Ledger) -> bytes:
    """Three dispatch forms and the settlement sheet."""
    book = Book(ledger, author="调度岗")
    for visit in VISITS:
        _form(book, visit)
    book.table(book.sheet("结算"), NUMBERS)
    return book.data()


def _form(book: Book, visit: Visit) -> None:
    sheet = book.sheet(visit.sheet)
    for column, width in zip("ABCD", (14, 30, 14, 30), strict=True):
        sheet.column_dimensions[column].width = width
    book.put(sheet, "A1", "上门服务派工单")
    sheet.merge_cells("A1:D1")
    sheet.row_dimensions[1].height = 30
    sheet["A1"].font = Font(bold=True, size=16)
    sheet["A1"].alignment = Alignment(horizontal="center", vertical="center")
    pairs = (
        ("派工单号", visit.order, "上门时间", visit.at),
        ("家政员", visit.worker, "家政员手机", visit.worker_phone),
        ("客户", visit.customer, "联系电话", visit.phone),
        ("服务费(元)", visit.price, "支付方式", "会员余额"),
    )
    for row, cells in enumerate(pairs, start=2):
        for column, marked in zip("ABCD", cells, strict=True):
            book.enter(sheet, f"{column}{row}", marked)
    long = (("服务地址", visit.address), ("入户方式", visit.door), ("备注", visit.remarks))
    for row, (label, marked) in enumerate(long, start=6):
        book.put(sheet, f"A{row}", label)
        book.put(sheet, f"B{row}", marked)
        sheet.merge_cells(f"B{row}:D{row}")
        sheet.row_dimensions[row].height = 34
    book.put(sheet, "A9", "客户签字")
    book.put(sheet, "B9", visit.customer)
    book.put(sheet, "C9", "投诉电话")
    book.put(sheet, "D9", "⟦留:400-000-0123|公司客服热线⟧")
