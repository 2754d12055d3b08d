"""Names no list announces: rare surnames, parts of a name, letters in English. All are invented."""

import pytest

from pii.detect import PresidioDetector
from pii.kinds import Kind

FOUND = [
    # surnames that are rare, compound or words of their own
    ("由慕容清负责上门，慕容清因故不能到岗。", "慕容清"),
    ("接线员乌望川核实：客户未提出异议。", "乌望川"),
    ("会议决定由鲜于知白牵头。", "鲜于知白"),
    ("投诉人阿曼古丽·依布拉音来电反映多收费用。", "阿曼古丽·依布拉音"),
    ("查先生您好，应女士已收到。", "应女士"),
    ("查先生您好，应女士已收到。", "查先生"),
    # parts of a name found in full
    ("客户陈听雪来电。听雪说下周再来。", "听雪"),
    ("I spoke with Harriet Lindholm. Lindholm will call back.", "Lindholm"),
    ("客户陈听雪来电。下午听雪要求换货。", "听雪"),
    # two names in a row, a name before a title, and forms people call each other by
    ("周一：孙志远赵明轩", "赵明轩"),
    ("经曹桂兰园长同意，起用新卡。", "曹桂兰"),
    ("请维修老曹明天过来。", "老曹"),
    ("门口交给阿珍，别放地上。", "阿珍"),
    ("商检王叔已到场。", "王叔"),
    ("值班：周涛张雪梅", "张雪梅"),
    ("同行石清和（中介）也在", "石清和"),
    ("客户方梁雪梅验收", "梁雪梅"),
    ("明天地接小束交代行程。", "小束"),
    ("客户李爱华来访。\n爱华今天没带钥匙。", "爱华"),
    ("客户周桂兰来访。钥匙归桂兰。", "桂兰"),
    ("接机：任姐在出口等。", "任姐"),
    ("报表慢，让东东改一下。", "东东"),
    ("好，我让涛涛过去。", "涛涛"),
    ("麻烦转告老上官一声。", "老上官"),
    ("质检欧阳若兰来了。若兰说可以。", "若兰"),
    ("客户胡立新来访。\n风险：立新月底离职。", "立新"),
    ("业主高清和到场验收。", "高清和"),
    # a surname alone, and whose place is spoken of
    ("接电话的是他嫂子，姓牧，让晚上再打。", "牧"),
    ("司机只知道姓龚。", "龚"),
    ("备用卡放在老裴那，别忘了拿。", "老裴"),
    ("图纸先搁小束那里。", "小束"),
    ("是哪个老雷，跑长途的？", "老雷"),
    ("去问老鲜于说了没有", "老鲜于"),
    # children by their parents, and parts of names known
    ("宇宁妈妈没来。客户郭宇宁（五岁）", "宇宁"),
    ("志远爸爸请假一天", "志远"),
    ("客户仁青·扎西来访。\n附记：仁青月底搬走", "仁青"),
    # rare surnames by whose they are, by a label, by a verb
    ("户口本上儿媳宓听澜怀孕了", "宓听澜"),
    ("班组长汲远帆打电话叫人", "汲远帆"),
    ("（联系人郗苓，下午在）", "郗苓"),
    ("上报对象：略。汇报对象隗岚。", "隗岚"),
    ("反馈：芮听雪带客户看过房", "芮听雪"),
    ("复核 郗听澜\n", "郗听澜"),
    ("请让任经理签字", "任经理"),
    ("抄送陶老师、单老师各一份", "单老师"),
    # letters
    ("The guard, whose badge read Haoyue, told us to wait.", "Haoyue"),
    ("I told him so.\n\nPierre\n", "Pierre"),
    ("Dear Katrin,\n\nThank you.\n", "Katrin"),
    ("Katrin will call back.\nYours", "Katrin"),
    ("It is late. Mingyu replied at once.", "Mingyu"),
    ("Akira 已确认。", "Akira"),
    ("Hi Björn!\nSee you.\n", "Björn"),
    ("See you.\n\nKind regards,\nTatsuo\n", "Tatsuo"),
    ("Best,\nMireille Duvall\n", "Mireille Duvall"),
    ("From: Ottoline Voss <o@example.com>", "Ottoline Voss"),
    ("Dear Šárka Čížová,\n\nThank you.\n", "Šárka Čížová"),
    ("my husband Ștefan Țăran was listed", "Ștefan Țăran"),
    ("Milan Żabczyk signed. Please call Żabczyk back.", "Żabczyk"),
    ("My name is Ewan Carmody.", "Ewan Carmody"),
    ("My husband Jarek Wolny was listed.", "Jarek Wolny"),
    ("Please ask Zhou Mingyu to follow up.", "Zhou Mingyu"),
    ("according to Lihua Qian, it is valid", "Lihua Qian"),
    # letters in Chinese text
    ("退到先生Zhao Yuming的账户", "Zhao Yuming"),
    ("我是山口绫（Yamaguchi Aya），", "Yamaguchi Aya"),
    ("Gustavo Prado先生下周到访", "Gustavo Prado"),
]

# Where no word holds the characters, and for given names alone.
FOUND += [
    ("附件由束明哲、卜一帆核对。", "束明哲"),
    ("下午卜瑞安打来电话，说货到了。", "卜瑞安"),
    ("（见证 苗薇）", "苗薇"),
    ("晨会决定：刘建平林海霞负责盘点。", "刘建平"),
    ("晨会决定：刘建平林海霞负责盘点。", "林海霞"),
    ("今天罗志和两次来电。", "罗志和"),
    ("展台归子涵，灯光归别人。", "子涵"),
    ("化验单给志勇看过。", "志勇"),
    ("复印机坏了，薛工你来一趟", "薛工"),
    ("哎顾工啊，图纸改了没", "顾工"),
    ("领唱郝姐已到场。", "郝姐"),
    ("保安小解明天轮休。", "小解"),
    ("司机小白：到楼下了", "小白"),
    ("欣妍小朋友的水杯忘在教室", "欣妍"),
]

LEFT_ALONE = [
    "请查收，若有差错，万望海涵。",
    "客户关怀计划，白班夜班轮换，老太太们跳舞。",
    "他简单说了几句，连饭都没吃，钱打哪都行。",
    "家在城东，家新装了表，后补签字也行。",
    "明天休息，今天成立新社团，明亮宽敞，文明施工。",
    "考勤异常说明（三月）",
    "老百姓，都知道。不问姓名、姓氏，同姓，异姓。",
    "在小区那边等，老家那边在下雨，小车那个零件坏了。",
    "单亲妈妈和年轻爸爸都来，宝宝妈妈说我和妈妈去了。",
    "2019年，任主任；2021年，任经理。时任主任签字。",
    "儿子能理解，孩子从小学起就懂事，财务部元旦放假。",
    "跟国外公司一起做，给岳父母养老送终，帮邻居修漏水的屋顶，技术负责人管系统，",
    "替欧盟客户做，委托方没说，从别人那里拿来，老公查老婆的通话。",
    "联系人信息，收件人电话，申请人须知。",
    "复核 无误\n审核 通过\n会计 按月结账\n",
    "万一她也来不了，通知前台、财务，请老师同去。",
    "We flew to Beijing, told us nothing.",
    "小东门拆了，改造已完成。",
    "大家天天向上，他明明说过。林荫道旁，护士站有备用。",
    "招生班型：小班、中班、大班；白露、谷雨放假。",
    "下周飞上海，老路改造。",
    "当班经理都可以处理，施工段由二队负责。",
    "找客服小程序下单，保洁小组已到场，维修老化管道。",
    "财务部均已批准，门卫室在东侧，周例会改期。",
    "前台阿姨用了阿莫西林和阿胶。",
    "由于客户未到场，本周起由专人负责。",
    "对本金承担连带责任。",
    "和平区各位先生女士，大家好。",
    "请提供单号、门禁和保修资料。",
    "Dear Sir or Madam,\n\nThank you.\n",
    "Best regards,\nCustomer Service\n",
    "Sunrise Trading Co., Ltd. and Blue Anchor Logistics Ltd.",
    "According to the Personal Information Protection Law, see Annex Two.",
    "Change was made. Everyone agreed. Management confirmed it. Nobody called. She said so.",
    "Mark the box. Range has grown.\nExcel 表格",
    "The customer Evergreen Marine complained about late delivery.",
    "Name: OpenBLAS\nVersion: 0.3",
    "He Can wait for Long Time.",
    "客户家门密码我们要留几天啊",
    "- 不要为了“等查清楚”推迟报告；查不清的先报已知情况，后面补报。",
    "From: Customer Service <service@example.com>",
]


@pytest.mark.parametrize(("text", "name"), FOUND)
def test_a_name_is_found_by_what_stands_around_it(
    detector: PresidioDetector, text: str, name: str
) -> None:
    found = [text[f.start : f.end] for f in detector.find(text) if f.kind is Kind.PERSON_NAME]
    assert name in found


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_ordinary_words_are_no_names(detector: PresidioDetector, text: str) -> None:
    assert [text[f.start : f.end] for f in detector.find(text) if f.kind is Kind.PERSON_NAME] == []


def test_what_somebody_did_is_no_second_name(detector: PresidioDetector) -> None:
    text = "客户王问渠来访\n王问渠曾获优秀\n王问渠方才到"
    found = [text[f.start : f.end] for f in detector.find(text) if f.kind is Kind.PERSON_NAME]
    assert set(found) == {"王问渠"}


def test_a_given_name_inside_another_word_is_left_alone(detector: PresidioDetector) -> None:
    text = "客户赵青云来电。青云路正在施工。"
    found = [text[f.start : f.end] for f in detector.find(text) if f.kind is Kind.PERSON_NAME]
    assert found == ["赵青云"]


VALUES = [
    (Kind.PLATE, "司机：周强　粤A78436　13800138000", "粤A78436"),
    (Kind.ADDRESS, "送至映月路150号底商16号签收", "映月路150号底商16号"),
    (Kind.BIRTH_DATE, "I was born on 7 March 1981.", "7 March 1981"),
    (Kind.BIRTH_DATE, "date of birth (March 7th, 1981)", "March 7th, 1981"),
    (Kind.BIRTH_DATE, "DOB: 07/03/1981", "07/03/1981"),
    (Kind.BIRTH_DATE, "1981年3月7日生的那个", "1981年3月7日"),
    (Kind.PASSWORD, "门锁密码是 660218#，记得", "660218#"),
    (Kind.PASSWORD, "Wi-Fi密码 Rabbit-77 别外传", "Rabbit-77"),
    (Kind.PASSWORD, "物业登记后上楼，访客码 QR-2207-19", "QR-2207-19"),
    (Kind.PASSWORD, "the Wi-Fi password we gave him was\nHarbour-2207! - delete", "Harbour-2207!"),
    (Kind.PASSWORD, "The door code is 4471#.", "4471#"),
    (Kind.ACCOUNT, "会员账号是 wu_home", "wu_home"),
    (Kind.ACCOUNT, "please create account fiona.deng today", "fiona.deng"),
    (Kind.ADDRESS, "同意：12-2-1103郭远帆，9-1-602龚岚，", "12-2-1103"),
    (Kind.ADDRESS, "同意：12-2-1103郭远帆，9-1-602龚岚，", "9-1-602"),
    (Kind.ADDRESS, "未投票：15-3-801，电话没人接", "15-3-801"),
    (Kind.MOBILE, "郭远帆 | 135 | 0013 | 8000 |", "135 | 0013 | 8000"),
    (Kind.RESIDENT_ID, "证号 110101|19900307|7379", "110101|19900307|7379"),
    (Kind.WECHAT, "客户改用wxid_9k2demo0abcd12联系", "wxid_9k2demo0abcd12"),
    (
        Kind.ADDRESS,
        "Send it to Flat 803, Building 12, No. 5 Lantern Road, Gulou District, Nanjing 210000.",
        "Flat 803, Building 12, No. 5 Lantern Road, Gulou District, Nanjing 210000",
    ),
    (Kind.ADDRESS, "living at 77 Heron Street, Furong District, Changsha, China.",
     "77 Heron Street, Furong District, Changsha, China"),
    (Kind.ADDRESS, "您家还是鼓楼区问竹巷那边吗", "鼓楼区问竹巷"),
    (Kind.ADDRESS, "家在南山区桂庙新村", "南山区桂庙新村"),
    (Kind.ADDRESS, "寄到苏州市拾翠里21-2-261", "苏州市拾翠里21-2-261"),
    (Kind.ADDRESS, "未按时到达锦江区清荷路327号", "锦江区清荷路327号"),
]  # fmt: skip

VALUES += [
    (Kind.PASSWORD, "门禁坏了，先按 5521 试，进不去打电话", "5521"),
    (Kind.PASSWORD, "后门：730418，进来关好", "730418"),
    (Kind.PASSWORD, "打开后台，首次登录先填 Birch-4410 再改", "Birch-4410"),
    (Kind.PASSWORD, "服务器登录 root / Cedar!88x", "Cedar!88x"),
    (Kind.PASSWORD, "无线（二楼），Plum_6031", "Plum_6031"),
    (Kind.PASSWORD, "She cannot sign in; the new one is Otter_5512.", "Otter_5512"),
    (Kind.WECHAT, "绿泡泡 heyifan_zj", "heyifan_zj"),
    (Kind.ACCOUNT, "对方把号写成了拼音tongyuqing，照着加", "tongyuqing"),
    (Kind.ACCOUNT, "Mila logged in as mila.sorokina twice", "mila.sorokina"),
    (Kind.QQ, "不用微信的加Q 2840117736", "2840117736"),
    (Kind.BIRTH_DATE, "户口本上写的1961.8.14，学校登记晚一年", "1961.8.14"),
    (Kind.BIRTH_DATE, "外婆农历7月12号做寿，提前订蛋糕", "7月12号"),
    (Kind.BIRTH_DATE, "来的是位46年2月的老人，耳朵背", "46年2月"),
    (Kind.BIRTH_DATE, "问到年纪，他说户籍是1958年11月3日", "1958年11月3日"),
]

NO_VALUES = [
    (Kind.PASSWORD, "保险柜一台，用3500元买的；门禁改为2024年启用"),
    (Kind.PASSWORD, "登录后看 release_2024 和 web-prod-02，热线是95188"),
    (Kind.WECHAT, "微信小程序 applet_v2 上线，卫星电话两部"),
    (Kind.ACCOUNT, "剩余 remaining 三项，参数 language_rank 排序"),
    (Kind.QQ, "Q3 2024 营收；Q1：12345 套"),
    (Kind.BIRTH_DATE, "问到出生证明，2009年3月2日起凭身份证办理"),
    (Kind.BIRTH_DATE, "农历8月15日放假，公司2010年5月1日成立"),
    (Kind.BIRTH_DATE, "The contract of 7 March 2021 was born out of need."),
    (Kind.BIRTH_DATE, "自2021年3月7日生效"),
    (Kind.PASSWORD, "密码错误3次，密码长度8位，密码为123456位数"),
    (Kind.PASSWORD, "Please reset your password by Friday. Call 12345."),
    (Kind.PASSWORD, "password:\nAccording to Article 47"),
    (Kind.ACCOUNT, "会员号：VIP00007788"),
    (Kind.ACCOUNT, "open account settings.page, account manager.login"),
    (Kind.ADDRESS, "规格：12-3-405，数量20；图3-2-301，电话机一台；见4-2-2021李某"),
    (Kind.MOBILE, "数量 | 135 | 001 | 80000"),
    (Kind.RESIDENT_ID, "批次 110101|19900307|7378，660101|19900307|7379"),
    (Kind.CREDIT_CODE, "税号：8421999090，净重1,204千克"),
    (Kind.ACCOUNT, "工号 JZ-0077"),
    (Kind.ADDRESS, "贫困山区公路建设，小区花园里的路"),
    (Kind.ADDRESS, "朝阳区青年路店开业"),
    (Kind.ADDRESS, "See Section 12, Building regulations of 2021."),
]


@pytest.mark.parametrize(("kind", "text", "value"), VALUES)
def test_prose_gives_a_value_away(
    detector: PresidioDetector, kind: Kind, text: str, value: str
) -> None:
    assert (kind, value) in [(f.kind, text[f.start : f.end]) for f in detector.find(text)]


@pytest.mark.parametrize(("kind", "text"), NO_VALUES)
def test_prose_that_only_sounds_like_it(detector: PresidioDetector, kind: Kind, text: str) -> None:
    assert [text[f.start : f.end] for f in detector.find(text) if f.kind is kind] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("欧阳先生您好", "欧阳先生"),
        ("客户全清和询问销毁日期", "全清和"),
        ("你好，我姓黄，我的电话是", "黄"),
        ("请转交依力亚尔·塔依尔。", "依力亚尔·塔依尔"),
        ("Siobhan O'Rourke from our Dublin office asked for a copy.", "Siobhan O'Rourke"),
        ("From: Arjun Park <arjun.park@example.com>", "Arjun Park"),
    ],
)
def test_a_name_its_place_gives_away_is_found_whole(
    text: str, name: str, detector: PresidioDetector
) -> None:
    found = [one for one in detector.find(text) if one.kind is Kind.PERSON_NAME]
    assert [text[one.start : one.end] for one in found] == [name]
    assert all(one.start >= 0 for one in found)


@pytest.mark.parametrize(
    "text", ["合同款壹万贰仟叁佰元整", "国家荣誉称号", "长江厅", "主管部门的同意"]
)
def test_what_only_looks_like_one_is_left(text: str, detector: PresidioDetector) -> None:
    assert [one for one in detector.find(text) if one.kind is Kind.PERSON_NAME] == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        # in a row with a sure name, or alone in a line among lines of names
        ("二组：王继业 党书", ["王继业", "党书"]),
        ("参训人员名单：\n1. 王建国\n2. 李淑华\n3. 曾小满\n", ["王建国", "李淑华", "曾小满"]),
        # in front of somebody's number, or of a greeting
        ("牧根宝/15112345678", ["牧根宝"]),
        ("寄：官致远 15800009227", ["官致远"]),
        ("应桂花，你好：昨天的名单收到了。", ["应桂花"]),
        # behind a role or a relation
        ("监交人：房向东", ["房向东"]),
        ("值班：马和光　交班：鄂如意", ["马和光", "鄂如意"]),
        ("岳父曾继业，退休。", ["曾继业"]),
        # whole, to the last character
        ("2024年7月22日由黄卫国、管可儿行手术治疗，过程顺利。", ["黄卫国", "管可儿"]),
        ("被客户南宫向东写信表扬。", ["南宫向东"]),
        ("直接领导为热依扎·阿不都拉。", ["热依扎·阿不都拉"]),
        # a usual surname that our own model passes over
        ("梁保国称因李卫国拖欠货款导致资金紧张。", ["梁保国", "李卫国"]),
    ],
)
def test_neighbours_and_roles_give_a_name_away(
    text: str, names: list[str], detector: PresidioDetector
) -> None:
    found = [one for one in detector.find(text) if one.kind is Kind.PERSON_NAME]
    assert [text[one.start : one.end] for one in found] == names


@pytest.mark.parametrize(
    "text",
    [
        "会计：按月结账",
        "学生：免费",
        "主持人：总经理",
        "收：现金500元",
        "出席：全体董事",
        "班主任把学生家庭情况表发群。",
        "报国家卫生健康主管部门。",
        "高峰 15112345678",
        "经核对，15112345678",
        "原材料、成品、石材\n钢材、木材",
    ],
)
def test_a_role_or_a_row_does_not_make_every_word_a_name(
    text: str, detector: PresidioDetector
) -> None:
    assert [one for one in detector.find(text) if one.kind is Kind.PERSON_NAME] == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("妻子王芳，1967/09/07生，教师。", "1967/09/07"),
        ("本协议自2024-01-02生效。", None),
        ("设备于2024-01-02生产。", None),
    ],
)
def test_a_numeric_date_is_a_birth_only_where_it_says_born(
    text: str, day: str | None, detector: PresidioDetector
) -> None:
    found = [text[f.start : f.end] for f in detector.find(text) if f.kind is Kind.BIRTH_DATE]
    assert found == ([day] if day else [])


ENGLISH_PROSE = [
    "State on the Title page the name of the publisher of the Modified Version.",
    "Explain how to contact you by electronic and paper mail.",
    "The recipient may use your version. The Tenant shall keep the Premises insured.",
    "All rights belong to the owners of the Reserved Font Name Lobster.",
    "Any derivative version prepared by Licensee. Alternately, a notice is enough.",
    "Signed by Authorised Representative of Party A.",
    "It covers Copyright and Related Rights, Annual Leave, Sick Leave and other absences.",
    "Grace Period means ten days; Max Capacity is forty persons.",
]
ENGLISH_FORMS = [
    ("Name Li Mei", "Li Mei"),
    ("customer name Grace Hill", "Grace Hill"),
    ("name\tli mei", "li mei"),
    ("| tenant | zhou yun |", "zhou yun"),
    ("Prepared by Wei Jianguo, Chief Financial Officer.", "Wei Jianguo"),
    ("name: oliver bennett", "oliver bennett"),
]


@pytest.mark.parametrize("text", ENGLISH_PROSE)
def test_words_of_a_contract_are_no_names(text: str, detector: PresidioDetector) -> None:
    found = [text[f.start : f.end] for f in detector.find(text) if f.kind is Kind.PERSON_NAME]
    assert found == []


@pytest.mark.parametrize(("text", "name"), ENGLISH_FORMS)
def test_a_name_on_an_english_form_is_found(
    text: str, name: str, detector: PresidioDetector
) -> None:
    found = [text[f.start : f.end] for f in detector.find(text) if f.kind is Kind.PERSON_NAME]
    assert found == [name]
