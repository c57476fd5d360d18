"""The ribbon tab as Office reads it: one tab, the groups in order of work, a button per command, one callback."""

from typing import Final
from xml.sax.saxutils import quoteattr

from klantwaarde_addin.build.sources import TITLE
from klantwaarde_addin.commands import COMMANDS, GROUP_LABELS, Command

NAMESPACE: Final = "http://schemas.microsoft.com/office/2009/07/customui"
CALLBACK: Final = "KwPress"  # a Sub in the module KwRibbon
TAB_KEY: Final = "KW"


def ribbon_xml(language: str) -> str:
    """The part ``customUI14.xml``, without the XML declaration."""
    groups = "".join(_group(name, labels[language != "nl"], language) for name, labels in GROUP_LABELS.items())
    tab = _element("tab", {"id": "klantwaarde", "label": TITLE, "keytip": TAB_KEY}, groups)
    return f'<customUI xmlns="{NAMESPACE}"><ribbon><tabs>{tab}</tabs></ribbon></customUI>'


def _group(name: str, label: str, language: str) -> str:
    buttons = "".join(_button(command, language) for command in COMMANDS if command.group == name)
    return _element("group", {"id": f"group_{name}", "label": label}, buttons)


def _button(command: Command, language: str) -> str:
    attributes = {
        "id": command.id,
        "label": command.label(language),
        "screentip": command.label(language),
        "supertip": command.tip(language),
        "keytip": command.key,
        "imageMso": command.icon,
        "size": "large" if command.large else "normal",
        "onAction": CALLBACK,
    }
    return _element("button", attributes, "")


def _element(name: str, attributes: dict[str, str], content: str) -> str:
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{written}>{content}</{name}>"
