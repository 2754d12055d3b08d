"""Which suffix goes with a media type, where a document comes without a file name."""

_SUFFIXES = {
    "text/plain": ".txt",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/markdown": ".md",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "image/svg+xml": ".xml",
    "text/calendar": ".ics",
    "application/ics": ".ics",
    "text/x-vcard": ".vcf",
    "text/vcard": ".vcf",
    "application/json": ".json",
    "application/ld+json": ".json",
    "message/rfc822": ".eml",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/gif": ".gif",
    "image/bmp": ".bmp",
    "image/tiff": ".tiff",
}


_TYPES = {suffix: media_type for media_type, suffix in reversed(_SUFFIXES.items())}


def media_type_of(suffix: str) -> str:
    """The media type of a suffix, or that of unknown bytes."""
    return _TYPES.get(suffix, "application/octet-stream")


def suffix_for(media_type: str) -> str:
    """The suffix, or an empty text for a type nobody knows."""
    return _SUFFIXES.get(media_type.lower().strip(), "")
