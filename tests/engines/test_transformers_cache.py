"""The growing cache holds what the vendor's does."""

import pytest
import torch
import transformers
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers.cache_utils import DynamicLayer

from rest_bench.engines.transformers_cache import growing_cache


def make_llama(n_layers: int) -> transformers.LlamaForCausalLM:
    config = transformers.LlamaConfig(
        hidden_size=8, intermediate_size=8, num_hidden_layers=n_layers, num_attention_heads=1, vocab_size=8
    )
    return transformers.LlamaForCausalLM(config)


@settings(deadline=None, max_examples=30)
@given(widths=st.lists(st.integers(1, 300), min_size=1, max_size=12), rows=st.integers(1, 3))
def test_it_returns_all_states_so_far_in_their_order(widths: list[int], rows: int) -> None:
    cache = growing_cache(make_llama(n_layers=1))
    assert cache is not None
    expected = DynamicLayer()
    for width in widths:
        keys, values = torch.randn(2, rows, 2, width, 4)
        assert all(
            torch.equal(ours, theirs)
            for ours, theirs in zip(cache.update(keys, values, 0), expected.update(keys, values), strict=True)
        )
    assert cache.get_seq_length() == sum(widths)


def test_one_token_at_a_time_copies_little() -> None:
    cache = growing_cache(make_llama(n_layers=1))
    assert cache is not None
    memory = set()
    for _ in range(400):
        keys, _ = cache.update(torch.zeros(1, 2, 1, 16), torch.zeros(1, 2, 1, 16), 0)
        memory.add(keys.data_ptr())
    assert len(memory) <= 4


def test_a_model_with_sliding_windows_keeps_the_vendors_cache() -> None:
    config = transformers.MistralConfig(
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        vocab_size=16,
        sliding_window=4,
    )
    assert growing_cache(transformers.MistralForCausalLM(config)) is None


@pytest.mark.parametrize("n_layers", [1, 3])
def test_it_has_a_layer_for_each_of_the_model(n_layers: int) -> None:
    cache = growing_cache(make_llama(n_layers))
    assert cache is not None
    assert len(cache.layers) == n_layers
