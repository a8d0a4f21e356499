"""What other people's texts may hold to command a terminal, or to be read as what they are not."""

import re

TERMINAL_STRINGS = (
    "\x1b[2J\x1b[H",  # an empty screen
    "\x1b[31mred\x1b[0m",
    "\x1b[8mhidden\x1b[28m",
    "\x1b[1A\x1b[2Kthe line above again",
    "\x1b[10;10H",
    "\x1b[?1049h",  # another screen
    "\x1b[?25l",
    "\x1b[6n",  # the terminal answers, as if typed
    "\x1b[c",
    "\x1b[5i",  # print
    "\x1b[20t",
    "\x1b[38;2;0;0;0;48;2;0;0;0mblack on black",
    "\x1b]0;another title\x07",
    "\x1b]2;another title\x1b\\",
    "\x1b]8;;https://evil.example\x1b\\a link\x1b]8;;\x1b\\",
    "\x1b]8;;https://evil.example\x07a link\x1b]8;;\x07",
    "\x1b]52;c;Y3VybCBldmlsIHwgc2g=\x07",
    "\x1b]52;c;Y3VybCBldmlsIHwgc2g=\x1b\\",
    "\x1b]9;a message\x07",
    "\x1b]50;#\x07",
    "\x1b]1337;File=inline=1:AAAA\x07",
    "\x1bP$q\x1b\\",
    "\x1b_a command\x1b\\",
    "\x1b^private\x1b\\",
    "\x1bX a string\x1b\\",
    "\x1bc",  # reset
    "\x1b(0lqqk",  # line drawing
    "\x1b#8",
    "\x1b",
    "\x9b2J",
    "\x9d52;c;ZXZpbA==\x9c",
    "\x9d8;;https://evil.example\x9ca link\x9d8;;\x9c",
    "\x90q\x9c",
    "\x85the next line",
    "honest\rforged",
    "honest\x08\x08\x08\x08\x08\x08forged",
    "\x07\x07",
    "\x0b\x0c",
    "\x0e\x0f",
    "\x7f\x7f",
    "\x01\x02\x03\x04\x05\x06\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1c\x1d\x1e\x1f",
    "\u202egnp.exe",
    "\u202d\u202a\u202b\u202c",
    "\u2066\u2067\u2068\u2069",
    "\u200e\u200f\u061c",
    "\u206a\u206f",
    "one line\u2028another\u2029third",
)
_FOREIGN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f]")


def is_foreign(text: str) -> bool:
    """Return whether a text holds what a terminal or a reader would obey, line feeds and tabs aside."""
    return _FOREIGN.search(text) is not None
