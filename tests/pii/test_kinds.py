"""The recognizers of every kind against values and near misses on both sides. All invented."""

import pytest

from pii.detect import ShippedDetector
from pii.kinds import Kind

ID18 = "11010519491231002X"

FOUND = [
    # identity papers
    (Kind.RESIDENT_ID, "持港澳居民居住证810000199408230021办理", "810000199408230021"),
    (Kind.RESIDENT_ID, "证件830000199201300022。", "830000199201300022"),
    (Kind.RESIDENT_ID, "香港身份证A123456(3)复印件", "A123456(3)"),
    (Kind.RESIDENT_ID, "香港身份证号码：A1234563", "A1234563"),
    (Kind.RESIDENT_ID, "台湾居民身份证号A123456789", "A123456789"),
    (Kind.RESIDENT_ID, "澳门身份证 1234567(8)", "1234567(8)"),
    (Kind.RESIDENT_ID, "老身份证130503670401001仍可查", "130503670401001"),
    (Kind.TRAVEL_PERMIT, "回乡证H0123456701已过期", "H0123456701"),
    (Kind.TRAVEL_PERMIT, "港澳居民来往内地通行证号码M12345678", "M12345678"),
    (Kind.TRAVEL_PERMIT, "台胞证号码：01234567", "01234567"),
    (Kind.TRAVEL_PERMIT, "往来台湾通行证T12345678", "T12345678"),
    (Kind.TRAVEL_PERMIT, "往来港澳通行证CA1234567", "CA1234567"),
    (Kind.PASSPORT, "护照编号：E12345678", "E12345678"),
    (Kind.PASSPORT, "他的护照是MA1234567", "MA1234567"),
    (Kind.PASSPORT, "Passport number: 123456789", "123456789"),
    (Kind.FOREIGNER_ID, "外国人永久居留身份证911124198108030024", "911124198108030024"),
    (Kind.MILITARY_ID, "士兵证：兵字第0123456号", "兵字第0123456号"),
    (Kind.MILITARY_ID, "持武字第1234567号证件", "武字第1234567号"),
    (Kind.DRIVING_LICENCE, "驾驶证号110105194912310021已核", "110105194912310021"),
    (Kind.DRIVING_LICENCE, "驾照 档案编号110012345678", "110012345678"),
    # cars
    (Kind.PLATE, "车牌粤A·D12345", "粤A·D12345"),
    (Kind.PLATE, "大巴沪A12345F到达", "沪A12345F"),
    (Kind.PLATE, "京A1234警", "京A1234警"),
    (Kind.PLATE, "粤Z1234港入境", "粤Z1234港"),
    (Kind.PLATE, "沪A1234领的车", "沪A1234领"),
    (Kind.PLATE, "WJ京12345执勤", "WJ京12345"),
    # accounts
    (Kind.QQ, "我的QQ就是 123456789，加我", "123456789"),
    (Kind.QQ, "扣扣号：2345678901", "2345678901"),
    (Kind.ALIPAY, "转到支付宝13800138000", "13800138000"),
    (Kind.ALIPAY, "支付宝账号是wang.li@example.com，", "wang.li@example.com"),
    (Kind.ALIPAY, "商户号2088102012345678", "2088102012345678"),
    (Kind.ACCOUNT, "抖音号lin_2020关注", "lin_2020"),
    (Kind.ACCOUNT, "淘宝账号：xiaolin_88", "xiaolin_88"),
    (Kind.SOCIAL_SECURITY, "社保卡的卡号现为A12345678，", "A12345678"),
    (Kind.SOCIAL_SECURITY, "养老保险编号是 3101234567", "3101234567"),
    (Kind.SOCIAL_SECURITY, "SSN: 536-22-1234", "536-22-1234"),
    (Kind.MEDICAL_INSURANCE, "医保卡号为 M20200101", "M20200101"),
    (Kind.MEDICAL_INSURANCE, "住院号20231234入院", "20231234"),
    (Kind.HOUSING_FUND, "公积金个人账号为123456789012。", "123456789012"),
    (Kind.BANK_CARD, "IBAN GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 32"),
    (Kind.MEDICAL_INSURANCE, "NHS number 943 476 5919", "943 476 5919"),
    (Kind.ACCOUNT, "wallet 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa.", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
    (Kind.COORDINATES, '"lat": 39.90923, "lng": 116.397428', "39.90923"),
    # keys of programs
    (Kind.RESIDENT_ID, f'{{"idCard":"{ID18}"}}', ID18),
    (Kind.PERSON_NAME, '{"real_name":"艾丽"}', "艾丽"),
    (Kind.PERSON_NAME, '{"customerName": "艾丽"}', "艾丽"),
    (Kind.BIRTH_DATE, '{"birthday":"1990-01-02"}', "1990-01-02"),
    (Kind.BIRTH_DATE, "birth_date=19900102&x=1", "19900102"),
    (Kind.LANDLINE, '{"phoneNo":"62345678"}', "62345678"),
    (Kind.BANK_CARD, '{"bankAcct":"44030123456"}', "44030123456"),
    (Kind.ADDRESS, '{"homeAddr":"幸福里3-2-501"}', "幸福里3-2-501"),
    (Kind.BIRTH_DATE, "csrq: 19900102", "19900102"),
    # addresses whole
    (Kind.ADDRESS, (
        "寄浙江省宁波市海曙区，清荷路12号，\n碧水花园3幢2单元501室。"), (
        "浙江省宁波市海曙区，清荷路12号，\n碧水花园3幢2单元501室")),
    (Kind.ADDRESS, "住浙江省、宁波市、海曙区、清荷路12号", "浙江省、宁波市、海曙区、清荷路12号"),
    (Kind.ADDRESS, "现住 鼓楼区 中山路 12 号", "鼓楼区 中山路 12 号"),
    (Kind.ADDRESS, "住麻城市乘马岗镇大河铺村三组12号", "麻城市乘马岗镇大河铺村三组12号"),
    (Kind.ADDRESS, "住清荷路206号假日城市广场2-3-16", "清荷路206号假日城市广场2-3-16"),
    (Kind.ADDRESS, "送到兴隆小区东区12栋四单元3楼东户", "兴隆小区东区12栋四单元3楼东户"),
    (Kind.ADDRESS, "天河区天河路385号太古汇一座31楼", "天河区天河路385号太古汇一座31楼"),
    (Kind.ADDRESS, "at Flat 3B, 12 High Street, London SW1A 1AA.", (
        "Flat 3B, 12 High Street, London SW1A 1AA")),
    (Kind.ADDRESS, "to 1600 Maple Parkway, Mountain View, CA 94043.", (
        "1600 Maple Parkway, Mountain View, CA 94043")),
    (Kind.ADDRESS, "No. 12 Qinghe Road, Haishu District, Ningbo, Zhejiang 315000, P.R. China", (
        "No. 12 Qinghe Road, Haishu District, Ningbo, Zhejiang 315000, P.R. China")),
]  # fmt: skip

MISSED = [
    (Kind.RESIDENT_ID, "证件830000199201300023。"),
    (Kind.RESIDENT_ID, "产品A123456(4)"),
    (Kind.RESIDENT_ID, "货号A123456789"),
    (Kind.RESIDENT_ID, "订单号：130503670401001"),
    (Kind.RESIDENT_ID, "流水130503671301001"),
    (Kind.TRAVEL_PERMIT, "产品型号M12345678"),
    (Kind.PASSPORT, "护照已于2024年到期"),
    (Kind.FOREIGNER_ID, "编号911124198108030025"),
    (Kind.MILITARY_ID, "国发字第12号"),
    (Kind.DRIVING_LICENCE, "驾驶证扣12分"),
    (Kind.DRIVING_LICENCE, "订单号110012345678"),
    (Kind.PLATE, "川菜A套餐12345份"),
    (Kind.PLATE, "粤B·ABCDE"),
    (Kind.QQ, "QQ音乐12345首"),
    (Kind.QQ, "QQ群123456789公告"),
    (Kind.QQ, "QQ邮箱123456@example.com"),
    (Kind.ALIPAY, "支付宝到账100000元"),
    (Kind.ALIPAY, "单号2088192012345678"),
    (Kind.ACCOUNT, "抖音平台规则2024"),
    (Kind.SOCIAL_SECURITY, "社保缴费12345678元"),
    (Kind.SOCIAL_SECURITY, "社保基数12345678"),
    (Kind.MEDICAL_INSURANCE, "医保报销20231234元"),
    (Kind.HOUSING_FUND, "公积金缴存123456789元"),
    (Kind.BANK_CARD, "编码GB82 WEST 1234 5698 7654 33"),
    (Kind.MEDICAL_INSURANCE, "NHS number 943 476 5918"),
    (Kind.ACCOUNT, "hash 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"),
    (Kind.PERSON_NAME, '{"cityName":"杭州"}'),
    (Kind.PERSON_NAME, '{"goods_name":"高山"}'),
    (Kind.COORDINATES, '"flat": 39.90923'),
    (Kind.ADDRESS, "去宁波市出差"),
    (Kind.ADDRESS, "宁波市海曙区人民法院"),
    (Kind.ADDRESS, "依照《浙江省房屋租赁条例》第十二条"),
    (Kind.ADDRESS, "浙江省宁波市"),
    (Kind.ADDRESS, "第3号公告第2组"),
    (Kind.ADDRESS, "Article 12, Section 5, London"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "value"), FOUND)
def test_the_whole_value_is_found_in_its_sentence(
    detector: ShippedDetector, kind: Kind, text: str, value: str
) -> None:
    found = [(f.kind, text[f.start : f.end]) for f in detector.find(text)]
    assert (kind, value) in found


@pytest.mark.parametrize(("kind", "text"), MISSED)
def test_what_only_looks_like_it_is_left_alone(
    detector: ShippedDetector, kind: Kind, text: str
) -> None:
    assert [text[f.start : f.end] for f in detector.find(text) if f.kind is kind] == []


HARD_NEGATIVES = [
    "订单号202411150000123456，运单号SF1234567890123",
    "快递单号：JD0012345678901",
    "运单号 773201234567890 已签收",
    "发票代码033001900104，发票号码12345678",
    "电子发票号码24332000000123456789",
    "合同编号HT-2024-001，金额人民币1,234,567.89元",
    "金额13800138000.00元",
    "总额6222021234567890元",
    "版本10.12.3.1，固件V2.3.4.5",
    "依据第四十七条第一款第（二）项",
    "客服热线400-820-8820、800-810-8888、95588、95533、12345、12315、12366、10086、10010、110、119、120",
    "拨打热线12348或96110咨询",
    "签订日期：2024年1月15日，有效期至2027-01-14",
    "自2024年1月1日起至2024年12月31日止",
    "产品编码6901234567892，批号20240115A",
    "SKU 6922255451427，货号E12345678",
    "序列号SN2024011500001234",
    "S/N: C02XL0GTJGH5",
    "案号（2024）浙0203民初1234号",
    "京公网安备11010502030123号，京ICP备12345678号",
    "许可证编号JY13301020012345",
    "ISBN 978-7-5093-1234-5",
    "执行标准GB/T 35273-2020，GB 11643-1999",
    "会议号 123 456 789，密码见邮件",
    "航班CA1234，座位12A，G1234次",
    "库存12 34 56 78 90 12 34",
    "型号KFR-35GW/A1",
    "SHA-256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "订单ID：f47ac10b-58cc-4372-a567-0e02b2c3d479",
    "时间戳1705286400000，耗时12.5ms",
    "开户行代码102331000456",
    "传输速率9600 8 1，端口8080",
    "增值税率13%，税额16,012.34元",
    "第12号公告，第3届第5次会议",
    "股票代码600519、000858.SZ",
    "邮政编码315000",
    "Order No. 202411150000123456, invoice 12345678",
    "See Article 47, Section 3.1.2, version 2.10.1",
    "Tracking number 1Z999AA10123456784",
    "Call our hotline 400-820-8820 or 95588",
]


@pytest.mark.parametrize("text", HARD_NEGATIVES)
def test_numbers_of_things_stay(detector: ShippedDetector, text: str) -> None:
    found = [(f.kind.value, text[f.start : f.end]) for f in detector.find(text)]
    assert [one for one in found if one[0] != Kind.ORGANISATION] == []
