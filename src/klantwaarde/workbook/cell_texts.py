"""Texts of a workbook as Excel shows them: entities, ``_x000D_`` escapes, rich text, phonetic guides."""

import re

_ENTITY = re.compile(r"&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TEXT_TAG = re.compile(r"<(/?)(rPh|t)(?:\s[^<>]*?)?(/?)>([^<]*)")


def shown_text(xml: str) -> str:
    r"""The characters that Excel shows for the text content of an element (ECMA-376 part 1, 22.9.2.19 ``ST_Xstring``).

    Example:
        >>> shown_text("Jansen &amp; Zn_x005F_x_x000D_")
        'Jansen & Zn_x\r'
    """
    if "\r" in xml:
        xml = xml.replace("\r\n", "\n").replace("\r", "\n")
    if "&" in xml:
        xml = _ENTITY.sub(_entity, xml)
    if "_x" in xml:
        xml = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), xml)
        xml = xml.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return xml


def string_item(xml: str) -> str:
    """The text of a shared or inline string: all its runs, without the phonetic guides.

    Example:
        >>> string_item("<r><t>Jan</t></r><r><rPr><b/></rPr><t>sen</t></r><rPh sb='0' eb='1'><t>x</t></rPh>")
        'Jansen'
    """
    runs, phonetic = [], False
    for closing, name, empty, text in _TEXT_TAG.findall(xml):
        if name == "rPh":
            phonetic = not closing and not empty
        elif not closing and not empty and not phonetic:
            runs.append(shown_text(text))
    return "".join(runs)


def shared_strings(xml: str) -> list[str]:
    """All items of a plain shared strings part, in the order of their numbers."""
    items = xml.replace("<si/>", "<si></si>").split("</si>")
    if items:
        items.pop()
        items[:1] = [item[item.find("<si") :] for item in items[:1]]
    return [_shared_item(item) for item in items]


def _shared_item(item: str) -> str:
    text = item[len("<si><t>") : -len("</t>")]
    if item.startswith("<si><t>") and item.endswith("</t>") and "<" not in text:
        return shown_text(text) if "&" in text or "_x" in text or "\r" in text else text
    return string_item(item)


def _entity(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return _NAMED[name]
    point = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(point) if point <= 0x10FFFF else "\ufffd"
