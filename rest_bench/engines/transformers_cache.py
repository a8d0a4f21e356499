"""A cache of keys and values that grows in steps: the vendor's own copies all of it for every token."""

from functools import cache
from inspect import signature
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

_ROOM = 128
"""Tokens of room made at a time, at least; more for long replies, so that copying stays in proportion."""


def cache_argument(model: Any) -> dict[str, Any]:
    """Return the keyword argument that makes one `generate` call use a growing cache; empty where it does not apply."""
    made = growing_cache(model)
    if made is None:
        return {}
    # transformers 5 renamed it in one of its minor versions.
    name = "cache" if "cache" in signature(model.forward).parameters else "past_key_values"
    return {name: made}


def growing_cache(model: Any) -> Any | None:
    """Return an empty cache for one `generate` call, or None where the model does not use plain attention throughout.

    With layers of another kind (sliding windows, state spaces, quantized) the vendor's own cache is the right one.
    """
    from transformers.cache_utils import DynamicCache, DynamicLayer

    made = DynamicCache(config=model.config.get_text_config())
    if not made.layers or any(type(layer) is not DynamicLayer for layer in made.layers):
        return None
    made.layers = [_growing_layer()() for _ in made.layers]
    return made


@cache
def _growing_layer() -> type:
    import torch
    from transformers.cache_utils import DynamicLayer

    class GrowingLayer(DynamicLayer):  # type: ignore[misc]
        """Writes new states behind the old ones; `keys` and `values` are views of what is filled."""

        keys: Any
        values: Any

        def update(
            self, key_states: torch.Tensor, value_states: torch.Tensor, *_args: Any, **_kwargs: Any
        ) -> tuple[torch.Tensor, torch.Tensor]:
            if not self.is_initialized:
                self.lazy_initialization(key_states, value_states)
                self._held_keys, self._held_values = key_states[..., :0, :], value_states[..., :0, :]
            self._held_keys, self.keys = _append(self._held_keys, self.keys, key_states)
            self._held_values, self.values = _append(self._held_values, self.values, value_states)
            return self.keys, self.values

    return GrowingLayer


def _append(held: "torch.Tensor", filled: "torch.Tensor", new: "torch.Tensor") -> "tuple[torch.Tensor, torch.Tensor]":
    """Return the memory (rows, heads, tokens, width) and the view of its filled part with the new states."""
    start = filled.shape[-2] if filled.ndim == new.ndim else 0
    end = start + new.shape[-2]
    if end > held.shape[-2]:
        room = max(_ROOM, end // 4)
        held = new.new_empty((*new.shape[:-2], end + room, new.shape[-1]))
        if start:
            held[..., :start, :] = filled
    held[..., start:end, :] = new
    return held, held[..., :end, :]
