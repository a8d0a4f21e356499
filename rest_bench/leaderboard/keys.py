"""What looks like a key or a password: it must never be published."""

import re

KINDS: dict[str, str] = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "an OpenAI-like key": r"\bsk-[A-Za-z0-9_-]{20,}",
    "a Hugging Face token": r"\bhf_[A-Za-z0-9]{20,}",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{22,})",
    "a GitLab token": r"\bglpat-[A-Za-z0-9_-]{20,}",
    "an AWS key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a Google key": r"\bAIza[0-9A-Za-z_-]{35}",
    "a Slack token": r"\bxox[abeprs]-[A-Za-z0-9-]{10,}",
    "a provider's key": r"\b(?:gsk_|nvapi-|r8_|pplx-|xai-|tgp_v1_|fw_)[A-Za-z0-9_-]{20,}",
    "a JSON web token": r"\beyJ[A-Za-z0-9_-]{10,400}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    "a bearer token": r"(?i:\bbearer\s+)[A-Za-z0-9._~+/-]{20,}",
    "a password in an address": r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,20}://[^/\s:@\"]{1,100}:[^/\s:@\"]{1,100}@",
    "a named secret": (
        r"(?i:[\"'\\]?(?:api[_-]?key|auth[_-]?token|access[_-]?token|secret|password|authorization)[\"'\\]{0,3}"
        r"\s*[:=]\s*[\"'\\]{1,3})[^\s\"'\\]{8,}"
    ),
}
"""What it looks like, and its pattern; each is bounded, as replies of a megabyte are searched."""

_ANY = re.compile("|".join(f"(?P<k{place}>{pattern})" for place, pattern in enumerate(KINDS.values())))


def find_key(text: str) -> str | None:
    """Return what in a text looks like a key, by its kind, or None. The thing itself is never repeated."""
    found = _ANY.search(text)
    if found is None:
        return None
    return next(kind for place, kind in enumerate(KINDS) if found.group(f"k{place}") is not None)
