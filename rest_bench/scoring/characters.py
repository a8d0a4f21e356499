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
    | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", "")
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
        "→": r"\Rightarrow ", "∠": r"\angle ", "¢": r"\text{cents}", "￠": r"\text{cents}",
    }
)  # fmt: skip


_BAR = "\u0305"
_BARRED = re.compile(rf"(?:\d{_BAR})+")


def plain_characters(text: str) -> str:
    """Write the signs of Unicode as LaTeX commands and full-width characters as plain ones; drop invisible ones."""
    text = _BARRED.sub(lambda match: rf"\overline{{{match.group().replace(_BAR, '')}}}", text.strip().strip("*`"))
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ]+", lambda match: f"^{{{match.group().translate(_SUPERSCRIPTS)}}}", text)
    text = re.sub("[₀₁₂₃₄₅₆₇₈₉]+", lambda match: f"_{{{match.group().translate(_SUBSCRIPTS)}}}", text)
    text = unicodedata.normalize("NFKC", "".join(_CHARACTERS.get(character, character) for character in text))
    text = "".join(_CHARACTERS.get(character, character) for character in text)  # what full-width signs became
    return "".join(" " if unicodedata.category(character) in ("Cc", "Zl", "Zp") else character for character in text)
