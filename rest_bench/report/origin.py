"""Where the numbers of a call come from that asked nothing: when its replies were made, and who gave them."""

from collections.abc import Sequence

from rest_bench.schema import Invocation, Manifest

_REVISION_SHOWN = 12


def nothing_asked(manifest: Manifest, n_replies: int, *, checked: bool = True) -> str:
    """Return the sentence that stands before numbers of replies that were all there.

    Args:
        manifest: of the run; its last invocation is this call, if the engine could be asked.
        n_replies: all that the call is about.
        checked: false where the server could not be reached.
    """
    earlier = manifest.invocations[:-1] if checked else manifest.invocations
    asking = [each for each in earlier if each.n_asked != 0] or earlier
    replies = "the one reply is" if n_replies == 1 else f"all {n_replies:,} replies are"
    doubt = "" if checked else "; no server can be reached now, so nothing shows that it still serves the same model"
    return f"nothing asked: {replies} of {_dates(asking)} from {_source(manifest, asking)}{doubt}"


def _dates(invocations: Sequence[Invocation]) -> str:
    days = {time[:10] for each in invocations for time in (each.started_at, each.finished_at) if time is not None}
    if not days:
        return "an unknown day"
    return min(days) if len(days) == 1 else f"{min(days)} to {max(days)}"


def _source(manifest: Manifest, invocations: Sequence[Invocation]) -> str:
    engine = manifest.engine
    addresses = tuple(dict.fromkeys(address for each in invocations for address in each.addresses))
    if addresses:
        return ", ".join(addresses)
    if engine.endpoints:
        return f"{engine.model} on a server whose address was not recorded"
    revision = "" if engine.revision is None else f", revision {engine.revision[:_REVISION_SHOWN]}"
    return f"{engine.engine}, {engine.model}{revision}"
