"""Unicode in answers: every sign as the LaTeX command it stands for, every digit and letter as a plain one."""

import re
import unicodedata

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_GREEK_NAMES = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "mu", "nu", "xi", "pi",
    "rho", "sigma", "tau", "phi", "chi", "psi", "omega",
)  # fmt: skip
_GREEK = {unicodedata.lookup(f"GREEK SMALL LETTER {name.upper()}"): rf"\{name} " for name in _GREEK_NAMES} | {
    "λ": r"\lambda ",
    "Δ": r"\Delta ",
    "Σ": r"\Sigma ",
    "Ω": r"\Omega ",
    "Θ": r"\Theta ",
    "Φ": r"\Phi ",
}
_FRACTIONS = {
    character: rf"\frac{{{numbers[0]}}}{{{numbers[1]}}}"
    for character in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
    for numbers in [unicodedata.normalize("NFKC", character).split("⁄")]
}
_CHARACTERS = (
    _GREEK
    | _FRACTIONS
    | dict.fromkeys("−–—‐‑‒―﹣", "-")
    | {"\u2062": r"\cdot ", "\u2063": ",", "\u2064": "+"}
    | {"\u066b": ".", "\u066c": ",", "\u060c": ", ", "\u061b": "; ", "\u066a": r"\%", "\u061f": "?"}
    | dict.fromkeys("\u06d4\u0964\u0965", ".")
    | dict.fromkeys("·⋅∙•×✕∗", r"\cdot ")
    | dict.fromkeys("⁄∕", "/")
    | {"∶": ":"}
    | dict.fromkeys("≤⩽≦", r"\le ")
    | dict.fromkeys("≥⩾≧", r"\ge ")
    | dict.fromkeys("⟨〈", r"\langle ")
    | dict.fromkeys("⟩〉", r"\rangle ")
    | dict.fromkeys("‘’ʹ′", "'")
    | dict.fromkeys("“”", '"')
    | dict.fromkeys("∣｜", "|")
    | {
        "÷": "/", "√": "√", "∛": r"\sqrt[3]", "∞": r"\infty ", "°": r"^\circ ", "º": r"^\circ ", "≠": r"\ne ",
        "≈": r"\approx ", "≃": r"\approx ", "∪": r"\cup ", "∩": r"\cap ", "∈": r"\in ", "±": r"\pm ", "∓": r"\mp ",
        "∅": r"\emptyset ", "ℝ": r"\mathbb{R}", "ℤ": r"\mathbb{Z}", "ℕ": r"\mathbb{N}", "ℚ": r"\mathbb{Q}",
        "ℂ": r"\mathbb{C}", "、": ",", "。": ".", "｡": ".", "…": r"\ldots ", "⋯": r"\ldots ", "⇒": r"\Rightarrow ",
        "→": r"\Rightarrow ", "∖": r"\setminus ", "∀": r"\text{for all} ",
        "∠": r"\angle ", "¢": r"\text{cents}", "￠": r"\text{cents}",
    }
)  # fmt: skip


_BAR = "\u0305"
_BARRED = re.compile(rf"(?:\d{_BAR})+")


MARKS = (
    "\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0900-\u0903\u093a-\u093c"
    "\u093e-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc\u09be-\u09cd\u09d7\u0a01-\u0a03\u0a3c-\u0a51\u0a70\u0a71"
    "\u0a81-\u0a83\u0abc\u0abe-\u0acd\u0b01-\u0b03\u0b3c\u0b3e-\u0b57\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3e-\u0c56"
    "\u0c81-\u0c83\u0cbc\u0cbe-\u0cd6\u0d00-\u0d03\u0d3e-\u0d4d\u0d57\u0d82\u0d83\u0dca-\u0ddf\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u1056-\u1059\u17b4-\u17d3"
)
"""Signs of vowels and the like, which are part of a word; a range of characters for a pattern."""
LETTER = rf"(?:[^\W\d_]|[{MARKS}])"

LIST_NUMBER = re.compile(
    "[\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u3220-\u3229\u3248-\u324f\u3251-\u325f\u3280-\u3289\u32b1-\u32bf]"
)
"""Digits in circles, brackets or with a full stop: they number a list, and are no value."""
_INDIC = "०-९০-৯੦-੯૦-૯୦-୯௦-௯౦-౯೦-೯൦-൯"
_LAKHS = re.compile(
    rf"(?<![{_INDIC}.,])[{_INDIC}]{{1,2}}(?:,[{_INDIC}]{{2}})+,[{_INDIC}]{{3}}(?![{_INDIC}]|,[{_INDIC}])"
)
"""Native digits of India and Bangladesh, grouped as there: `১২,৩৪,৫৬৭`."""


def plain_characters(text: str) -> str:
    """Write the signs of Unicode as LaTeX commands and all digits and letters as plain ones; drop invisible ones."""
    text = text.strip().strip("*`")
    if text.isascii():
        return _CONTROL.sub(" ", text)
    text = _BARRED.sub(lambda match: rf"\overline{{{match.group().replace(_BAR, '')}}}", text)
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ]+", lambda match: f"^{{{match.group().translate(_SUPERSCRIPTS)}}}", text)
    text = re.sub("[₀₁₂₃₄₅₆₇₈₉]+", lambda match: f"_{{{match.group().translate(_SUBSCRIPTS)}}}", text)
    text = _LAKHS.sub(lambda match: match.group().replace(",", ""), text)
    text = _normalize("".join(_plain(character) for character in text))
    text = "".join(_plain(character) for character in text)  # what full-width signs became
    return "".join(" " if unicodedata.category(character) in ("Cc", "Zl", "Zp") else character for character in text)


_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def _plain(character: str) -> str:
    """Write one character plainly; what has no width and says nothing, direction marks among it, goes."""
    if (known := _CHARACTERS.get(character)) is not None or character.isascii():
        return character if known is None else known
    if unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f" or character == "\u034f":
        return ""
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _normalize(text: str) -> str:
    """Bring letters into one form, and leave list numbers what they are."""
    if not LIST_NUMBER.search(text):
        return unicodedata.normalize("NFKC", text)
    pieces = [unicodedata.normalize("NFKC", piece) for piece in LIST_NUMBER.split(text)]
    return pieces[0] + "".join(
        number + piece for number, piece in zip(LIST_NUMBER.findall(text), pieces[1:], strict=True)
    )
