"""Each recognizer against a table of values and near misses. People and numbers are invented."""

import pytest

from pii.detect import PresidioDetector
from pii.kinds import Kind

ID18 = "11010519491231002X"
CODE = "91350100M000100Y43"
CARD = "6222021234567890128"
VIN = "LSVAA4187C2184841"

FOUND = [
    # resident ID
    (Kind.RESIDENT_ID, f"身份证{ID18}已核对", ID18),
    (Kind.RESIDENT_ID, f"身份证{ID18.lower()}已核对", ID18.lower()),
    (Kind.RESIDENT_ID, "号码 110105 19491231 002X 复印", "110105 19491231 002X"),
    (Kind.RESIDENT_ID, (
        "号码１１０１０５１９４９１２３１００２Ｘ"), (
        "１１０１０５１９４９１２３１００２Ｘ")),
    (Kind.RESIDENT_ID, "号码110105\u200b19491231\u200b002X。", "110105\u200b19491231\u200b002X"),
    (Kind.RESIDENT_ID, "号码110105194912\n31002X。", "110105194912\n31002X"),
    (Kind.RESIDENT_ID, "老证 130503670401001 还在用", "130503670401001"),
    (Kind.RESIDENT_ID, "身份证号：110105194912310029", "110105194912310029"),
    # mobile
    (Kind.MOBILE, "打13800138000找我", "13800138000"),
    (Kind.MOBILE, "打+86 138-0013-8000找我", "+86 138-0013-8000"),
    (Kind.MOBILE, "打138 0013 8000找我", "138 0013 8000"),
    (Kind.MOBILE, "打8613800138000找我", "8613800138000"),
    (Kind.MOBILE, "打１３８００１３８０００找我", "１３８００１３８０００"),
    (Kind.MOBILE, "1 3 8 0 0 1 3 8 0 0 0", "1 3 8 0 0 1 3 8 0 0 0"),
    (Kind.MOBILE, "13800138000 13900139000", "13900139000"),
    # landline
    (Kind.LANDLINE, "电话010-62345678转801", "010-62345678转801"),
    (Kind.LANDLINE, "电话(0571)87654321", "(0571)87654321"),
    (Kind.LANDLINE, "电话（0755）26543210", "（0755）26543210"),
    (Kind.LANDLINE, "传真：62345678", "62345678"),
    # e-mail
    (Kind.EMAIL, "邮箱zhangsan@163.com谢谢", "zhangsan@163.com"),
    (Kind.EMAIL, "写给li.si+a@mail.example.com.cn。", "li.si+a@mail.example.com.cn"),
    (Kind.EMAIL, "全角ｌｉｓｉ＠１６３．ｃｏｍ", "ｌｉｓｉ＠１６３．ｃｏｍ"),
    (Kind.EMAIL, "Regional Director of the branch, ottoline@example.org\nSkills: Excel", "ottoline@example.org"),
    # account
    (Kind.ACCOUNT, "客户尾款见linxiaoman86_2，爱喝茶", "linxiaoman86_2"),
    (Kind.ACCOUNT, "麻烦@linxiaoman86 看一下", "linxiaoman86"),
    (Kind.ACCOUNT, "提交 乌明轩（wumingxuan64） 机器", "wumingxuan64"),
    # bank card
    (Kind.BANK_CARD, f"卡{CARD}。", CARD),
    (Kind.BANK_CARD, "卡6222 0212 3456 7890 128。", "6222 0212 3456 7890 128"),
    (Kind.BANK_CARD, "Visa 4111111111111111", "4111111111111111"),
    (Kind.BANK_CARD, "MC 5555-5555-5555-4444", "5555-5555-5555-4444"),
    (Kind.BANK_CARD, "银行账号：44030 1234 5678 90", "44030 1234 5678 90"),
    # credit code
    (Kind.CREDIT_CODE, f"代码{CODE}。", CODE),
    # passport and permits
    (Kind.PASSPORT, "持E12345678出境", "E12345678"),
    (Kind.PASSPORT, "护照EA1234567", "EA1234567"),
    (Kind.PASSPORT, "Passport No. E12345678.", "E12345678"),
    (Kind.PASSPORT, "护照号：P01234567", "P01234567"),
    (Kind.TRAVEL_PERMIT, "回乡证号H1234567801", "H1234567801"),
    (Kind.TRAVEL_PERMIT, "往来港澳通行证：C12345678", "C12345678"),
    (Kind.TRAVEL_PERMIT, "台胞证 12345678", "12345678"),
    (Kind.FOREIGNER_ID, "持CAN110088051201证", "CAN110088051201"),
    (Kind.MILITARY_ID, "军官证军字第1234567号", "军字第1234567号"),
    # vehicles
    (Kind.PLATE, "车牌京A12345", "京A12345"),
    (Kind.PLATE, "开沪A·D1234来的", "沪A·D1234"),
    (Kind.PLATE, "新能源粤BD12345停在", "粤BD12345"),
    (Kind.PLATE, "大型粤B12345D停在", "粤B12345D"),
    (Kind.VIN, "车架1HGCM82633A004352登记", "1HGCM82633A004352"),
    # by label only
    (Kind.BIRTH_DATE, "出生日期：1990年3月2日", "1990年3月2日"),
    (Kind.BIRTH_DATE, "他1990年3月2日出生，", "1990年3月2日"),
    (Kind.BIRTH_DATE, "DOB: 1990-03-02", "1990-03-02"),
    (Kind.SOCIAL_SECURITY, "社保号：310123456789", "310123456789"),
    (Kind.HOUSING_FUND, "公积金账号：100200300400", "100200300400"),
    (Kind.MEDICAL_INSURANCE, "医保卡号：M20200101", "M20200101"),
    (Kind.QQ, "QQ：123456789", "123456789"),
    (Kind.QQ, "加QQ123456789吧", "123456789"),
    (Kind.WECHAT, "微信号：wx_lin2020", "wx_lin2020"),
    (Kind.ALIPAY, "支付宝账号：abc_2020", "abc_2020"),
    (Kind.ACCOUNT, "用户名：zhao_liu", "zhao_liu"),
    (Kind.PASSWORD, "密码：Abc@12345", "Abc@12345"),
    (Kind.PASSWORD, "密码是小名加年份：doudou2016", "doudou2016"),
    (Kind.PASSWORD, "楼道密码锁，204816#，进门右转", "204816#"),
    (Kind.PASSWORD, "原密码忘了，重置后 River!8080", "River!8080"),
    (Kind.PASSWORD, "还是老密码 River@lake", "River@lake"),
    (Kind.PASSWORD, "查询授权码5527，两小时有效", "5527"),
    (Kind.PASSWORD, "快递放家门口，单元门4821#进来", "4821#"),
    (Kind.PASSWORD, "[2024-03-05 09:15] Mia: the password?\n[2024-03-05 09:16] Ada: it's River8080", "River8080"),
    (Kind.BIRTH_DATE, "三月生日会名单\n艾丽　3月5日\n高明远　3月18日 属马", "3月18日"),
    (Kind.PASSWORD, "If it asks for a PIN, enter 804612.", "804612"),
    (Kind.PASSWORD, "后台账号见上，口令\n  river-lake!\n共两页", "river-lake!"),
    (Kind.PASSWORD, "甲：门禁多少\n乙：8064#", "8064#"),
    (Kind.WECHAT, "我们加个微信吧。那你搜 lixiaoman，头像是狗", "lixiaoman"),
    (Kind.WECHAT, "add me on WeChat (petra.hale_20)", "petra.hale_20"),
    (Kind.WECHAT, "加V：xiaoman_20", "xiaoman_20"),
    (Kind.MOBILE, "打(138)0013-8000找我", "(138)0013-8000"),
    (Kind.BIRTH_DATE, "女，1990.3.5，汉族", "1990.3.5"),
    (Kind.BIRTH_DATE, "他78年3月5号生，属马", "78年3月5号"),
    (Kind.BIRTH_DATE, "我叫林小满，1990年3月的，在读", "1990年3月"),
    (Kind.BIRTH_DATE, "1990-03-05，35岁", "1990-03-05"),
    (Kind.PASSWORD, "到了开门按804612，再上楼", "804612"),
    (Kind.PASSWORD, "会议室 WiFi River-8080", "River-8080"),
    (Kind.BIRTH_DATE, "宝宝2019-04-02出世", "2019-04-02"),
    (Kind.BIRTH_DATE, "属马，1990年3月5日", "1990年3月5日"),
    (Kind.BIRTH_DATE, "1990-03-05 女", "1990-03-05"),
    (Kind.BIRTH_DATE, "生日是在3月5号", "3月5号"),
    (Kind.BIRTH_DATE, "甲 10:25：哪年哪月生的\n乙 10:26：67年11月4号", "67年11月4号"),
    (Kind.BIRTH_DATE, "出生年月\n1990.03\n民族\n汉", "1990.03"),
    (Kind.MEDICAL_INSURANCE, "医保：3611528183", "3611528183"),
    (Kind.MEDICAL_INSURANCE, "护士：报一下医保\n家属：X770064913", "X770064913"),
    (Kind.MEDICAL_INSURANCE, "医保卡号\nX770064913\n住址", "X770064913"),
    (Kind.SOCIAL_SECURITY, "社保转移编号B43880104", "B43880104"),
    (Kind.HOUSING_FUND, "社保停缴，公积金163663922075封存", "163663922075"),
    (Kind.ADDRESS, "地址写成“11-1-1303”，没写路名", "11-1-1303"),
    (Kind.ADDRESS, "addr=31 Qinghe Road, Siming District, Xiamen", "31 Qinghe Road, Siming District, Xiamen"),
    (Kind.PERSON_NAME, "2. Marco's visa is late.", "Marco"),
    (Kind.PASSWORD, '{"password": "Abc@12345"}', "Abc@12345"),
    # machines and places
    (Kind.IP_ADDRESS, "从202.96.134.133登录", "202.96.134.133"),
    (Kind.IP_ADDRESS, "IP：2001:db8:0:0:1:0:0:1", "2001:db8:0:0:1:0:0:1"),
    (Kind.MAC_ADDRESS, "网卡00:1B:44:11:3A:B7。", "00:1B:44:11:3A:B7"),
    (Kind.IMEI, "IMEI：490154203237518", "490154203237518"),
    (Kind.COORDINATES, "定位116.397428, 39.90923", "116.397428, 39.90923"),
    # addresses
    (Kind.ADDRESS, (
        "住在北京市朝阳区建国路88号SOHO现代城B座1203室，"), (
        "北京市朝阳区建国路88号SOHO现代城B座1203室")),
    (Kind.ADDRESS, (
        "他家住杭州市西湖区文三路100号3幢2单元501室。"), (
        "杭州市西湖区文三路100号3幢2单元501室")),
    (Kind.ADDRESS, (
        "寄到广东省深圳市南山区科技园南区高新南一道8号，"), (
        "广东省深圳市南山区科技园南区高新南一道8号")),
    (Kind.ADDRESS, "家庭住址：幸福小区3号楼2单元501", "幸福小区3号楼2单元501"),
    (Kind.ADDRESS, "老人家在3幢2单元501，钥匙在邻居处", "3幢2单元501"),
    (Kind.ADDRESS, "业主12-3-1203：请把车挪走", "12-3-1203"),
    (Kind.ADDRESS, "店在长亭路与青石街交叉口东北角二楼", "长亭路与青石街交叉口东北角二楼"),
    # names
    (Kind.PERSON_NAME, "姓名：李明华", "李明华"),
    (Kind.PERSON_NAME, "联系人：买买提·艾力", "买买提·艾力"),
    (Kind.PERSON_NAME, "请找高律师办理", "高律师"),
    (Kind.PERSON_NAME, "请赵工看一下。", "赵工"),
    (Kind.PERSON_NAME, "王总说可以", "王总"),
    (Kind.PERSON_NAME, "李女士来电", "李女士"),
    (Kind.PERSON_NAME, "经办人：张三丰 日期", "张三丰"),
    (Kind.PERSON_NAME, "Name: John Smith", "John Smith"),
    (Kind.PERSON_NAME, "Contact: Wei Zhang, Tel: 1", "Wei Zhang"),
    (Kind.PERSON_NAME, "联系人：zhang wei", "zhang wei"),
    (Kind.PERSON_NAME, "Dear Mr. Brown,", "Brown"),
    (Kind.PERSON_NAME, "英文联系人 Mr. James O'Connor, 12 Baker Street", "James O'Connor"),
    (Kind.PERSON_NAME, "Ms Fiona McDonald called twice", "Fiona McDonald"),
    (Kind.PERSON_NAME, "To: Finance Team; Zhang, Mei", "Zhang, Mei"),
    (Kind.PERSON_NAME, "His son Antoine lives there", "Antoine"),
    (Kind.MOBILE, "You can reach me on +44 7911 123456.", "+44 7911 123456"),
    (Kind.MOBILE, "Call +1 (415) 555-2671 today", "+1 (415) 555-2671"),
    (Kind.PASSPORT, "passport copy of Mr Dubois (17AB12345)", "17AB12345"),
    (Kind.PERSON_NAME, "客户张伟昨天来过公司", "张伟"),
    (Kind.PERSON_NAME, "收件人：欧阳娜娜，电话", "欧阳娜娜"),
]  # fmt: skip

MISSED = [
    (Kind.RESIDENT_ID, "订单号110105194912310021"),
    (Kind.RESIDENT_ID, "流水110105194902300021号"),
    (Kind.RESIDENT_ID, "编码1101051949123100XX"),
    (Kind.MOBILE, "订单号13800138000"),
    (Kind.MOBILE, "编号138001380001"),
    (Kind.MOBILE, "金额13800138000.00元"),
    (Kind.MOBILE, "金额13,800,138,000元"),
    (Kind.MOBILE, "号段12800138000"),
    (Kind.MOBILE, "增长+15 20 25%"),
    (Kind.MOBILE, "版本+12 34"),
    (Kind.MOBILE, "+123456789012345678"),
    (Kind.LANDLINE, "客服电话：400-820-8820"),
    (Kind.LANDLINE, "拨打12345热线"),
    (Kind.LANDLINE, "客服电话：95588"),
    (Kind.LANDLINE, "日期2024-01-15"),
    (Kind.EMAIL, "@所有人 开会"),
    (Kind.BANK_CARD, "单号6222021234567890129"),
    (Kind.BANK_CARD, "订单号：6222021234567890128"),
    (Kind.BANK_CARD, "0000000000000000"),
    (Kind.CREDIT_CODE, "代码91350100M000100Y43X"),
    (Kind.CREDIT_CODE, "代码91350100M000100Y44"),
    (Kind.PASSPORT, "型号E12345678"),
    (Kind.PASSPORT, "批号G20240101"),
    (Kind.TRAVEL_PERMIT, "代码C12345678"),
    (Kind.PLATE, "京ABCDEF"),
    (Kind.VIN, "编码1HGCM82633A004353"),
    (Kind.BIRTH_DATE, "签订日期：2024年1月15日"),
    (Kind.BIRTH_DATE, "本合同自2024年1月15日起生效"),
    (Kind.BIRTH_DATE, "2021年11月1日施行"),
    (Kind.QQ, "QQ群公告"),
    (Kind.ACCOUNT, "表 guangzhou2024、shanghai_01 和 kehumingxi2024 已导出"),
    (Kind.PASSWORD, "密码：见附件"),
    (Kind.PASSWORD, "支持WiFi 802.11ax-2021，开门按2楼按钮"),
    (Kind.BIRTH_DATE, "2024年3月5日 男装上新"),
    (Kind.BIRTH_DATE, "公司2019年3月诞生第一款产品"),
    (Kind.PASSWORD, "密码重置热线：400-123-4567"),
    (Kind.PASSWORD, "密码须八到十六位，90天后过期"),
    (Kind.PASSWORD, "密码已于2024-03-05发送"),
    (Kind.PASSWORD, "甲：门禁坏了，订单号多少\n乙：80643317"),
    (Kind.WECHAT, "WeChat Pay and WeChat groups are supported"),
    (Kind.WECHAT, "在应用商店搜 weixinread"),
    (Kind.WECHAT, "微信公众号 riverlake_2020"),
    (Kind.BIRTH_DATE, "三月放假安排\n清明　4月4日\n劳动节　5月1日"),
    (Kind.BIRTH_DATE, "这批货是2024年3月的，先发"),
    (Kind.BIRTH_DATE, "已登记出生，自2024年2月3日至2025年4月5日任会计"),
    (Kind.BIRTH_DATE, "出生登记2024年3月5日办理"),
    (Kind.BIRTH_DATE, "2024年3月生效"),
    (Kind.MEDICAL_INSURANCE, "医保报销12345678元"),
    (Kind.MEDICAL_INSURANCE, "医保局电话057188001234"),
    (Kind.HOUSING_FUND, "公积金 12345678.00元"),
    (Kind.PERSON_NAME, "租客：钥匙呢"),
    (Kind.IP_ADDRESS, "版本1.2.3.4"),
    (Kind.IP_ADDRESS, "见3.1.2.1条"),
    (Kind.IP_ADDRESS, "300.1.2.3"),
    (Kind.MAC_ADDRESS, "时间12:30:45"),
    (Kind.IMEI, "编码490154203237518"),
    (Kind.COORDINATES, "价格12.50，13.20"),
    (Kind.ADDRESS, "《个人信息保护法》第四十七条第一款"),
    (Kind.ADDRESS, "例会在3号楼502会议室，型号12-3-1203，长亭路与青石街交叉口封闭"),
    (Kind.ACCOUNT, "@dataclass @media2x(screen) user@example.com"),
    (Kind.ACCOUNT, "手机（iphone15）校验（sha256）系统（windows11）"),
    (Kind.ADDRESS, "由北京市朝阳区人民法院管辖"),
    (Kind.ADDRESS, "第12号公告"),
    (Kind.PERSON_NAME, "项目经理和现任董事长到场"),
    (Kind.PERSON_NAME, "对方律师发函"),
    (Kind.PERSON_NAME, "公司董事和机关主管部门"),
    (Kind.PERSON_NAME, "依照法律和章程的规定"),
    (Kind.PERSON_NAME, "工作总结报告"),
    (Kind.PERSON_NAME, "联系人：见附件"),
    (Kind.PERSON_NAME, "第四十七条 有下列情形之一的"),
    (Kind.PERSON_NAME, "客户解约三年了,他的身份证复印件可以销毁吗?"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "value"), FOUND)
def test_the_whole_value_is_found_in_its_sentence(
    detector: PresidioDetector, kind: Kind, text: str, value: str
) -> None:
    found = [(f.kind, text[f.start : f.end]) for f in detector.find(text)]
    assert (kind, value) in found


@pytest.mark.parametrize(("kind", "text"), MISSED)
def test_what_only_looks_like_it_is_left_alone(
    detector: PresidioDetector, kind: Kind, text: str
) -> None:
    assert [text[f.start : f.end] for f in detector.find(text) if f.kind is kind] == []


@pytest.mark.parametrize(
    ("label", "text", "kind"),
    [
        ("客户姓名", "艾丽", Kind.PERSON_NAME),
        ("customer_name", "zhang wei", Kind.PERSON_NAME),
        ("法定代表人", "Zhang Wei", Kind.PERSON_NAME),
        ("出生日期", "1990-01-02", Kind.BIRTH_DATE),
        ("出生日期", "32874", Kind.BIRTH_DATE),
        ("联系电话", "62345678", Kind.LANDLINE),
        ("联系电话(必填)", "13800138000", Kind.MOBILE),
        ("社保编号", "0012345", Kind.SOCIAL_SECURITY),
        ("家庭住址", "幸福里3-2-501", Kind.ADDRESS),
        ("phoneNumber", "13800138000", Kind.MOBILE),
    ],
)
def test_a_column_header_decides_a_whole_cell(
    detector: PresidioDetector, label: str, text: str, kind: Kind
) -> None:
    found = detector.find(text, label=label)
    assert [(f.kind, f.start, f.end) for f in found] == [(kind, 0, len(text))]


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("公司名称", "无"),
        ("金额", "32874"),
        ("签订日期", "1990-01-02"),
        ("产品名称", "高山流水茶"),
        ("filename", "report"),
    ],
)
def test_other_headers_decide_nothing(detector: PresidioDetector, label: str, text: str) -> None:
    assert detector.find(text, label=label) == []
