"""Words in front of an answer, or behind it, that only introduce it."""

import re

from rest_bench.scoring.characters import LIST_NUMBER

_LABEL = re.compile(
    r"^\s*(?:(?:(?:die|la|el|il|le|a|o)\s+(?=\\text))?(?:\\text\{(?:the |die |la |a |il |de )?(?:final )?"
    r"(?:answer|ans|solution|result|antwort|respuesta|réponse|resposta|risposta|"
    r"antwoord|odpowiedź|cevap|jawaban|svar|vastaus|jibu|ответ|відповідь|答案|回答|答え|答|정답|답변|답|đáp án|"
    r"đáp số|câu trả lời|उत्तर|উত্তর|الإجابة|الجواب|جواب|پاسخ|คำตอบ)"
    r"(?: to)?(?: q)?(?: (?:is|ist|es|est|é|è)|是|为|為|は)?\}(?:\s*(?:ist|es|est|é|è)(?![A-Za-z]))?"
    r"(?:\s*Q(?=\d))?|Ans(?=\s*[:=.]))(?:\s*\d+\s*:|\s*[:=.](?!\d))?"
    r"|(?:\\text\{(?:question|problem|q)\}|[QA])\s*(?:\d*\s*:|(?:\d+|_\{\d+\})\s*[:)])"
    r"|\\text\{(?:so|thus|hence|therefore|then|finally)\}\s*,?)\s*(?=\S)",
    re.IGNORECASE,
)
_LIST_NUMBER = re.compile(rf"^\\text\{{{LIST_NUMBER.pattern}\}}\s*(?=[-+\d\\$(])")
_LEADING_WORD = re.compile(
    r"^(?:\\text\{(?:both|either|an?|the)\}|(?:an?|la|le|el|il|der|die|das)(?= \\text)) "
    r"(?=\S)(?!\\text\{(?:third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b)|"
    r"(?<=^\\text\{)(?:an?|the) (?!(?:third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b)(?=\S)",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"^\\text\{(?:(?:the|an?|das|der|die|la|le|el|il|o|a) )?"
    r"(?:(?:ordered|solution|maximum|minimum|exact|final|correct|numerical|common|"
    r"total|open|closed|real|whole|natural) )?"
    r"(?:values?|numbers?|integers?|fractions?|decimals?|ratios?|pairs?|triples?(?=[^{}]*\}\s*:?\s*(?:\(|\\langle))|tuples?|points?|vectors?|matrix|"
    r"matrices|sets?|intervals?|union|range|domain|region|expressions?|polynomials?|equations?|functions?|lines?|sequences?|lists?|"
    r"coordinates|angles?|answers?|results?|solutions?|sum|total|amount|quantity|probability|area|length|wert|zahl|valeur|nombre|valor|"
    r"número|valore|numero|значение|число|值|值为|数|값|giá trị|số)"
    r"(?: of(?: [a-z]{1,20})?)?(?: is)?\}\s*:?\s*(?=[-+\d.\\(\[{|$A-Za-z])(?!\\text)|"
    r"(?<=^\\text\{)(?:the )?(?:number|value|integer) (?=\S)",
    re.IGNORECASE,
)
"""Words in front of a value that only name its kind: `the value 12`, `the pair (1, 2)`."""
_WHOLE = re.compile("integer|whole|natural", re.IGNORECASE)
_RELATION = re.compile(r"[<>]|\\(?:le|ge|ne|in)(?![A-Za-z])")
"""Beside one, such a kind says which numbers are meant: `integers n > 2`."""
_SIGNED = re.compile(
    r"(?<=^\\text\{)(?:the )?(?:final )?(?:answer|result|value|solution|sum|total) is (?=(?:negative|minus)\b)",
    re.IGNORECASE,
)
_CLOSING_SENTENCE = re.compile(r"\s*\\text\{is (?:the|my) (?:final |correct )?answer\}$", re.IGNORECASE)


def without_label(text: str) -> str:
    """Drop what only introduces an answer: `Answer: 5`, `Q2: 7`, `both 2 and 3`, `an ellipse`, `5 is the answer`."""
    text = _SIGNED.sub("", text)
    text = _LEADING_WORD.sub("", _LABEL.sub("", _LIST_NUMBER.sub("", text, count=1), count=1), count=1)
    kind = _KIND.search(text)
    if kind and not (_WHOLE.search(kind.group()) and _RELATION.search(text)):
        text = text[: kind.start()] + text[kind.end() :]
    return _CLOSING_SENTENCE.sub("", text)
