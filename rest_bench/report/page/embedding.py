"""Other people's text inside a page: JSON that cannot break out of its script, and pictures that cannot run any."""

import base64
import hashlib
import json
import re

from rest_bench.visible import visible

_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff\x00-\x1f\x7f]")
"""What may end a script, open a comment, end a line of JavaScript, or has no place in a file of UTF-8."""
_SCRIPT_END = re.compile(r"<(?=/script|!--)", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")


def safe_json(value: object) -> str:
    r"""Return a value as JSON for a script element: whatever its texts hold, they stay texts.

    >>> safe_json("</script>")
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda sign: f"\\u{ord(sign.group()):04x}", text)


def safe_script(source: str) -> str:
    r"""Return a script of this package or of a library so that its own strings cannot end its element.

    Only inside strings and patterns may `</script` and `<!--` stand, where an escaped sign is the same sign.
    """
    return _SCRIPT_END.sub(r"\\x3c", source)


def source_hash(source: str) -> str:
    """Return what a content security policy calls a script or style of exactly this text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def data_uri(svg: str) -> str:
    """Return a picture as an address: a page shows it as an image, in which nothing runs and nothing is loaded."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode('utf-8', 'replace')).decode()}"


def whole_text(text: str) -> str:
    """Return a text that every file of UTF-8 can hold, and in which nothing turns what is read around.

    Halves of characters are written as U+FFFD, marks of direction and controls as in JSON.
    """
    return visible(_SURROGATE.sub("\ufffd", text))
