"""Why a place was taken for personal data, in words."""

from records.language import Bilingual

# By the code in the report.
REASONS = {
    "checksum": Bilingual("校验码正确", "checksum holds"),
    "range": Bilingual("号段存在", "number range exists"),
    "luhn": Bilingual("卡号校验通过", "card number checks out"),
    "format": Bilingual("格式相符", "has the format"),
    "label": Bilingual("字段名", "field name"),
    "elsewhere": Bilingual("同一文件他处已认定", "found elsewhere in the file"),
    "case": Bilingual("同一案卷其他文件已认定", "found in another file of the case"),
    "model": Bilingual("姓名模型识别", "name model"),
    "named": Bilingual("文中写明", "named in the text"),
    "area_code": Bilingual("区号相符", "area code exists"),
    "country_code": Bilingual("国家代码相符", "country code"),
    "surname_title": Bilingual("姓氏加称呼", "surname and title"),
    "latin_title": Bilingual("外文姓名加称呼", "name with title"),
    "legal_form": Bilingual("含公司类型", "has a legal form"),
    "brand_and_trade": Bilingual("字号加行业", "brand and trade"),
    "english": Bilingual("英文公司名", "English firm name"),
    "announced": Bilingual(
        "前有银行用语，卡号前缀相符", "a word of banking before it, prefix of a card"
    ),
    "home_return": Bilingual("通行证格式", "permit format"),
    "permit_name": Bilingual("写明证件名称", "permit named"),
    "denied": Bilingual("审核规则", "rule from review"),
    "platform": Bilingual("平台名后的账号", "account behind a platform's name"),
    "mention": Bilingual("@ 提及的账号", "account mentioned with @"),
    "bracketed": Bilingual("姓名后括号中的账号", "account in brackets behind a name"),
    "at": Bilingual("@ 后的账号", "account behind an @"),
    "user_number": Bilingual("用户号格式", "format of a user number"),
    "word": Bilingual("前面写明名称", "named by the word before it"),
    "born": Bilingual("写明出生", "said to be a birth"),
    "born_numeric": Bilingual("写明出生", "said to be a birth"),
    "row": Bilingual("与姓名或其号码并列", "beside a name or somebody's number"),
    "role": Bilingual("职务或亲属称谓后的姓名", "name behind a role or a relation"),
    "born_en": Bilingual("英文写明出生", "said to be a birth, in English"),
    "decimal": Bilingual("小数经纬度", "decimal coordinates"),
    "number": Bilingual("写明号码", "number, named"),
    "file_number": Bilingual("写明档案编号", "file number, named"),
    "mailbox": Bilingual("邮箱格式", "format of a mailbox"),
    "three_letters": Bilingual("三个字母加十二位数字", "three letters and twelve digits"),
    "hong_kong": Bilingual("香港证件格式", "Hong Kong format"),
    "taiwan": Bilingual("台湾证件格式", "Taiwan format"),
    "macau": Bilingual("澳门证件格式", "Macau format"),
    "v4": Bilingual("IPv4 格式", "IPv4 format"),
    "v6": Bilingual("IPv6 格式", "IPv6 format"),
    "unspaced": Bilingual("区号与号码相连", "area code and number in one"),
    "latin_pair": Bilingual("外文姓和名", "given name and surname in letters"),
    "greeted": Bilingual("称呼语之后", "behind a greeting"),
    "closed": Bilingual("信末署名", "signs a letter"),
    "sent": Bilingual("收发件人", "sender or recipient"),
    "introduced": Bilingual("自我介绍", "introduced by name"),
    "related": Bilingual("亲属或关系人", "somebody's relative or contact"),
    "holder": Bilingual("写明持有人", "holder, named"),
    "beside_han": Bilingual("中文姓名旁的外文名", "beside Chinese words about a person"),
    "surname_short_title": Bilingual("姓氏加职务简称", "surname and short title"),
    "courtesy": Bilingual("姓氏加敬称", "surname and courtesy title"),
    "pet_name": Bilingual("小名", "pet name"),
    "kin": Bilingual("姓氏加亲友称呼", "surname and what friends are called"),
    "familiar": Bilingual("老、小加姓氏", "familiar form of a surname"),
    "dotted": Bilingual("以点分隔", "separated by dots"),
    "dotted_inside": Bilingual("句中以点分隔", "separated by dots, inside a sentence"),
    "dotted_sounds": Bilingual("译音用字，以点分隔", "written by sound, with dots"),
    "possessive": Bilingual("外文名字带所有格", "first name with a possessive"),
    "framed": Bilingual("前后文只能是人", "between words that only go with people"),
    "surname_alone": Bilingual("自报姓氏", "a surname given alone"),
    "opens": Bilingual("外文姓名作主语", "name that does something"),
    "born_behind": Bilingual("生日、出生之后的日期", "date behind birth or birthday"),
    "bare": Bilingual("险种名称之后的长号码", "long number behind the name of an insurance"),
    "looked_up": Bilingual("前文说到微信，此处可搜", "looked up, where WeChat was spoken of"),
    "answered": Bilingual("答复所问的号码", "answer to the question before"),
    "eui48": Bilingual("MAC 地址格式", "format of a MAC address"),
    "arm": Bilingual("写明军种证件", "names the service"),
    "secret": Bilingual("写明密码", "said to be a password"),
    "secret_en": Bilingual("英文写明密码", "said to be a password, in English"),
    "plate": Bilingual("车牌格式", "format of a plate"),
    "armed_police": Bilingual("武警车牌格式", "plate of the armed police"),
    "embassy": Bilingual("使领馆车牌格式", "plate of an embassy"),
    "presidio": Bilingual("Presidio 规则", "rule of Presidio"),
    "residence_permit": Bilingual("居住证校验码正确", "checksum of a residence permit holds"),
    "fifteen": Bilingual("十五位号码，日期成立", "fifteen digits with a true date"),
    "pinyin": Bilingual("姓名拼音加数字", "a name in pinyin with figures"),
    "cells": Bilingual("整列都是此类内容", "what all cells of the column are"),
    "column": Bilingual("表格列名", "column header"),
    "wxid": Bilingual("微信内部编号", "WeChat's own id"),
    # What an address was put together from.
    "province": Bilingual("省份", "province"),
    "admin": Bilingual("市县区", "city, county or district"),
    "village": Bilingual("村镇", "village"),
    "road": Bilingual("道路", "road"),
    "estate": Bilingual("小区楼宇", "estate or building"),
    "detail": Bilingual("门牌房号", "door and room"),
    "room": Bilingual("幢单元室", "building and room"),
    "crossing": Bilingual("路口位置", "a place at a crossing"),
    "door": Bilingual("门牌房号", "door"),
    "district": Bilingual("区县", "district"),
    "city": Bilingual("城市", "city"),
    "state": Bilingual("省州", "state"),
    "postcode": Bilingual("邮编", "postcode"),
    "country": Bilingual("国家", "country"),
}


def reason_words(reason: str) -> Bilingual:
    """A report's reason in words: mobile/label:手机号 → 字段名“手机号”."""
    code, _, detail = reason.partition("/")[2].partition(":")
    parts = [
        REASONS.get(part) or Bilingual(part, part)
        for part in dict.fromkeys((code or reason).split("+"))
    ]
    words = Bilingual("、".join(p.zh for p in parts), ", ".join(p.en for p in parts))
    if not detail:
        return words
    return Bilingual(f"{words.zh}“{detail}”", f"{words.en} “{detail}”")
