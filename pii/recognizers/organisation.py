"""Organisation by its legal form, 单位名称: 公司法 art. 7 (有限责任公司) and usual forms.

The left edge of a company name is not marked in Chinese, so this only finds names that begin after
a mark or with a place; the name model finds the others. The standard policy keeps organisations.
"""

import re

from pii.kinds import Kind
from pii.recognizers.base import Shape, ShapeRecognizer

_FORM = r"(?:有限责任公司|股份有限公司|有限公司|律师事务所|会计师事务所|合伙企业(?:（有限合伙）)?)"


class OrganisationRecognizer(ShapeRecognizer):
    """A name that ends in a legal form."""

    kind = Kind.ORGANISATION
    shapes = (
        Shape(
            "legal_form",
            re.compile(
                r"(?:(?<=[，。；：:、\s“\"《（(\ue000])|^)[㐀-鿿A-Za-z0-9（）()]{2,24}?" + _FORM,
                re.MULTILINE,
            ),
            0.55,
        ),
    )
