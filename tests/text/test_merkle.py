"""The tree of the public log: against the known values of RFC 6962, and against a tree computed another way."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.text import merkle

# The eight leaves that implementations of RFC 6962 share as a trial, and the roots of their first n.
LEAVES = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def grown(leaves: list[bytes]) -> dict[tuple[int, int], bytes]:
    nodes: dict[tuple[int, int], bytes] = {}
    for index, body in enumerate(leaves):
        for level, place, found in merkle.completed(index, merkle.leaf_hash(body), lambda *at: nodes[at]):
            nodes[level, place] = found
    return nodes


def plain_root(leaves: list[bytes]) -> bytes:
    """As RFC 6962, 2.1 says it, word for word."""
    if len(leaves) < 2:
        return hashlib.sha256(b"\0" + leaves[0]).digest() if leaves else hashlib.sha256().digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + plain_root(leaves[:split]) + plain_root(leaves[split:])).digest()


def tree(size: int):
    leaves = [str(one).encode() for one in range(size)]
    nodes = grown(leaves)
    return leaves, lambda *at: nodes[at]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_that_everybody_gets(size):
    nodes = grown(LEAVES)
    assert merkle.root(size, lambda *at: nodes[at]).hex() == ROOTS[size]


@given(st.integers(0, 70))
def test_roots_are_those_of_a_tree_computed_plainly(size):
    leaves, nodes = tree(70)
    assert merkle.root(size, nodes) == plain_root(leaves[:size])


@pytest.mark.parametrize("size", range(1, 34))
def test_every_leaf_is_proved_to_be_in_every_tree_and_nothing_else_is(size):
    leaves, nodes = tree(size)
    root = merkle.root(size, nodes)
    for index, body in enumerate(leaves):
        proof, leaf = merkle.inclusion(index, size, nodes), merkle.leaf_hash(body)
        assert merkle.included(leaf, index, size, proof, root)
        assert not merkle.included(merkle.leaf_hash(b"another"), index, size, proof, root)
        assert not merkle.included(leaf, index, size, [*proof, root], root)
        assert not merkle.included(leaf, index, size, proof[:-1], root) or not proof
        assert not any(merkle.included(leaf, other, size, proof, root) for other in range(size) if other != index)
        for place in range(len(proof)):
            changed = [*proof[:place], bytes(32), *proof[place + 1 :]]
            assert not merkle.included(leaf, index, size, changed, root)


@pytest.mark.parametrize("second", range(1, 34))
def test_every_tree_is_proved_to_begin_every_later_one_and_no_other_does(second):
    _, nodes = tree(second)
    last = merkle.root(second, nodes)
    for first in range(1, second + 1):
        before, proof = merkle.root(first, nodes), merkle.consistency(first, second, nodes)
        assert merkle.consistent(first, second, before, last, proof)
        assert not merkle.consistent(first, second, bytes(32), last, proof)
        assert not merkle.consistent(first, second, before, bytes(32), proof)
        assert not merkle.consistent(first, second, before, last, [*proof, last])
        for place in range(len(proof)):
            changed = [*proof[:place], bytes(32), *proof[place + 1 :]]
            assert not merkle.consistent(first, second, before, last, changed)


def test_few_hashes_are_asked_for_however_large_the_tree():
    size = 1_000_003
    asked = merkle.wanted(lambda nodes: merkle.inclusion(777_777, size, nodes))
    assert len(asked) <= 2 * size.bit_length()
    assert len(merkle.wanted(lambda nodes: merkle.consistency(12_345, size, nodes))) <= 3 * size.bit_length()
    assert len(merkle.wanted(lambda nodes: merkle.root(size, nodes))) == size.bit_count()


def test_what_is_no_leaf_has_no_proof():
    _, nodes = tree(3)
    for index in (-1, 3):
        with pytest.raises(ValueError):
            merkle.inclusion(index, 3, nodes)
    with pytest.raises(ValueError):
        merkle.consistency(4, 3, nodes)
    assert merkle.consistent(0, 3, merkle.EMPTY, merkle.root(3, nodes), [])
