"""Whether a server still serves the model whose replies a folder holds: a name alone does not say so."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rest_bench.errors import StoreError
from rest_bench.schema import Endpoint, EngineInfo, Manifest, Role

logger = logging.getLogger(__name__)

STARTS_ANEW = ("vllm", "sglang", "llamacpp")
"""Owners, as servers name themselves, whose `created` is the time at which the server started."""
GREEDY = "greedy answer"
REMEDY = "use another --out, or --trust-endpoint if it is the same model all the same"
_ANSWER_SHOWN = 60


class EndpointDifference(NamedTuple):
    """Something in which two servers are not the same."""

    field: str
    """A fact of `Endpoint.facts`, or `GREEDY`."""
    here: str
    there: str


def endpoint_differences(here: Endpoint, there: Endpoint) -> tuple[EndpointDifference, ...]:
    """Return what tells two servers apart, as far as both say it: facts first, then stable greedy answers.

    Address and `created` are none: the same model may stand anywhere and be started at any time.
    """
    facts = [
        EndpointDifference(name, value, there.facts[name])
        for name, value in here.facts.items()
        if name in there.facts and there.facts[name] != value
    ]
    greedy = EndpointDifference(GREEDY, _shown(here), _shown(there))
    answers_differ = _is_telling(here) and _is_telling(there) and here.greedy_sha256 != there.greedy_sha256
    return (*facts, greedy) if answers_differ else tuple(facts)


def answer_alike(here: Endpoint, there: Endpoint) -> bool:
    """Return whether two servers give the same greedy answer, each time."""
    return _is_telling(here) and _is_telling(there) and here.greedy_sha256 == there.greedy_sha256


def know_again(
    where: object, earlier: EngineInfo | None, info: EngineInfo, *, trusted: bool = False, remedy: str = REMEDY
) -> EngineInfo:
    """Return what an engine says of itself with what was known of its servers before.

    What a folder knows of a server stays until something else is trusted, so that no row of small changes, and no
    answer that varies for a day, can lead from one model to another. What changes is said.

    Args:
        where: the folder, or whatever holds the replies.
        earlier: of the replies that are there; null without any.
        info: of the engine now.
        trusted: the user says that it is the same model, whatever its servers say.
        remedy: what to do where it is another one.

    Raises:
        StoreError: a server serves another model than the one whose replies are there, or two servers serve two.
    """
    if not info.endpoints:
        return info
    if fault := _disagreement(info.endpoints):
        _refuse(f"{fault}; give one of them, or {remedy}", trusted)
    known = () if earlier is None else earlier.endpoints
    if earlier is not None and not known:
        logger.info("%s: is older than the record of servers: it is made now, and nothing is compared", where)
    if not known:
        return info
    endpoints: list[Endpoint] = []
    replaced: list[Endpoint] = []
    for endpoint in info.endpoints:
        partner = _partner(endpoint, known)
        if found := endpoint_differences(partner, endpoint):
            _refuse(f"{where}: {_sentence(info.model, endpoint.address, found)}; {remedy}", trusted)
            endpoints.append(endpoint)
        else:
            _note(where, partner, endpoint)
            endpoints.append(_joined(partner, endpoint))
            replaced.append(partner)
    endpoints += [each for each in known if each not in replaced and each not in endpoints]
    return info.model_copy(update={"endpoints": tuple(endpoints)})


def compared_endpoints(a: Manifest, b: Manifest) -> Iterator[tuple[str, Role, str, str]]:
    """Yield what differs between the servers of two runs of one model name: field, role, and what it is in each.

    Another address is harmless. What tells two models apart is `compared`, unless their greedy answers are alike;
    those are looked at where they were asked in the same way.
    """
    if a.engine.model != b.engine.model or not (a.engine.endpoints and b.engine.endpoints):
        return
    addresses = [", ".join(sorted({each.address for each in side.engine.endpoints})) for side in (a, b)]
    if addresses[0] != addresses[1]:
        yield "address", "harmless", addresses[0], addresses[1]
    asked_alike = _asked_how(a) == _asked_how(b)
    pairs = ((_partner(each, a.engine.endpoints), each) for each in b.engine.endpoints)
    one, other = max(pairs, key=lambda pair: len(endpoint_differences(*pair)))
    role: Role = "harmless" if asked_alike and answer_alike(one, other) else "compared"
    for field, here, there in endpoint_differences(one, other):
        if field != GREEDY or asked_alike:
            yield f"{field} of the server's model" if field != GREEDY else field, role, here, there
    if _made_otherwise(one, other):
        yield "created", role, str(one.created), str(other.created)


def is_unproven(a: Manifest, b: Manifest) -> bool:
    """Return whether two runs name one model of servers whose greedy answers do not show that it is the same."""
    engines = (a.engine, b.engine)
    if a.engine.model != b.engine.model or any(engine.engine != "openai" for engine in engines):
        return False
    pairs = ((one, other) for one in a.engine.endpoints for other in b.engine.endpoints)
    return _asked_how(a) != _asked_how(b) or not any(answer_alike(*pair) for pair in pairs)


def joined_endpoints(engines: Mapping[str, EngineInfo]) -> tuple[Endpoint, ...]:
    """Return the servers of the parts of one run, and warn where they do not serve one model.

    Args:
        engines: what each part's engine said of itself, by the name of the part.
    """
    joined: list[Endpoint] = []
    for name, engine in engines.items():
        for endpoint in engine.endpoints:
            found = endpoint_differences(_partner(endpoint, joined), endpoint) if joined else ()
            for each in found:
                logger.warning(
                    "%s: was answered by a server with another %s (%s, elsewhere %s): two models may be mixed",
                    *(name, each.field, each.there, each.here),
                )
            if endpoint not in joined:
                joined.append(endpoint)
    return tuple(joined)


def _asked_how(manifest: Manifest) -> tuple[object, ...]:
    """What a greedy answer depends on besides the model."""
    sampling = manifest.sampling
    return manifest.dressing.model_copy(update={"profile": ""}), sampling.max_tokens, sampling.repetition_penalty


def _made_otherwise(one: Endpoint, other: Endpoint) -> bool:
    """Return whether the dates of two models differ; dates at which a server was started are none."""
    starts_anew = any(each.facts.get("owned_by") in STARTS_ANEW for each in (one, other))
    return None not in (one.created, other.created) and one.created != other.created and not starts_anew


def _is_telling(endpoint: Endpoint) -> bool:
    return endpoint.greedy_stable and endpoint.greedy_sha256 is not None


def _shown(endpoint: Endpoint) -> str:
    return repr((endpoint.greedy_answer or "")[:_ANSWER_SHOWN])


def _partner(endpoint: Endpoint, known: Sequence[Endpoint]) -> Endpoint:
    """Return the server of the folder that this one is: one that it agrees with, and of those the one at its place."""
    return min(
        known,
        key=lambda each: (
            len(endpoint_differences(each, endpoint)),
            not answer_alike(each, endpoint),
            each.address != endpoint.address,
        ),
    )


def _joined(before: Endpoint, now: Endpoint) -> Endpoint:
    """Return a server as it is now, with everything that was known of it."""
    answer = before if _is_telling(before) else now
    return Endpoint(
        address=now.address,
        facts={**now.facts, **before.facts},
        created=now.created,
        greedy_answer=answer.greedy_answer,
        greedy_sha256=answer.greedy_sha256,
        greedy_stable=answer.greedy_stable,
    )


# --- what to say ------------------------------------------------------------------------------------------------------


def _refuse(sentence: str, trusted: bool) -> None:
    if not trusted:
        raise StoreError(sentence)
    logger.warning("%s (--trust-endpoint: it is)", sentence.partition("; ")[0])


def _sentence(model: str, address: str, found: Sequence[EndpointDifference]) -> str:
    facts = [each for each in found if each.field != GREEDY]
    if facts:
        named = " and ".join(f"{each.field} ({each.here} there, {each.there} now)" for each in facts)
        return f"holds replies of {model} with another {named} than {address} serves"
    (greedy,) = found
    return (
        f"holds replies of another model than {address} serves as {model}, or it is served in another way: its greedy "
        f"answer is now {greedy.there}, twice the same, and was {greedy.here}"
    )


def _disagreement(endpoints: Sequence[Endpoint]) -> str | None:
    """Say that two servers of one call serve two models, where their greedy answers say so; warn of other roots."""
    first, *others = endpoints
    for other in others:
        found = endpoint_differences(first, other)
        greedy = next((each for each in found if each.field == GREEDY), None)
        if greedy is not None:
            return (
                f"--base-url: {first.address} and {other.address} serve two models under one name, or serve it in two "
                f"ways: greedily asked, the one says {greedy.here} each time and the other {greedy.there}"
            )
        for each in found:
            if each.field in ("root", "parent", "digest") and not answer_alike(first, other):
                logger.warning(
                    "--base-url: %s and %s may serve two models under one name: their %s differs (%s and %s)",
                    *(first.address, other.address, each.field, each.here, each.there),
                )
    return None


def _note(where: object, before: Endpoint, now: Endpoint) -> None:
    for warns, sentence in _notes(before, now):
        logger.log(logging.WARNING if warns else logging.INFO, "%s: %s", where, sentence)


def _notes(before: Endpoint, now: Endpoint) -> Iterator[tuple[bool, str]]:
    """Yield what changed between two times at which a server seemed to serve the same, and whether that is a doubt."""
    proven = answer_alike(before, now)
    if before.address != now.address:
        how = "answers alike" if proven else "says nothing that shows whether it serves the same model"
        yield not proven, f"its replies are from {before.address}, and now {now.address} is asked, which {how}"
    if _made_otherwise(before, now):
        yield not proven, f"{now.address} says another date of its model (`created`) than before"
    elif before.created != now.created:
        yield False, f"{now.address} was started anew"
    if _is_telling(before) and not _is_telling(now):
        yield True, f"{now.address} gives no stable greedy answer now, so nothing shows that it serves the same model"
