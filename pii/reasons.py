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
    "home_return": Bilingual("通行证格式", "permit format"),
    "permit_name": Bilingual("写明证件名称", "permit named"),
    "denied": Bilingual("审核规则", "rule from review"),
}


def reason_words(reason: str) -> Bilingual:
    """A report's reason in words: mobile/label:手机号 → 字段名“手机号”."""
    code, _, detail = reason.partition("/")[2].partition(":")
    words = REASONS.get(code) or Bilingual(code or reason, code or reason)
    if not detail:
        return words
    return Bilingual(f"{words.zh}“{detail}”", f"{words.en} “{detail}”")
