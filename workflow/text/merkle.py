"""The Merkle tree of the public log: hashes, inclusion and consistency, as RFC 6962 has them.

The hashes of whole subtrees (those of 2^level leaves) never change once they are there, so they are stored; whatever
is asked of the tree is worked out from a few of them. `Nodes` gives the hash of the whole subtree at (level, place).
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

Nodes = Callable[[int, int], bytes]
EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(body: bytes) -> bytes:
    """The hash of one leaf: SHA-256 over 0x00 and its bytes."""
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees: SHA-256 over 0x01 and both."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def completed(index: int, leaf: bytes, nodes: Nodes) -> Iterator[tuple[int, int, bytes]]:
    """The whole subtrees that the leaf with the hash `leaf` completes as it comes to stand at `index`.

    Level, place and hash, beginning with the leaf itself; `nodes` is asked for the left neighbours.
    """
    level, place, found = 0, index, leaf
    yield level, place, found
    while place % 2:
        found = node_hash(nodes(level, place - 1), found)
        level, place = level + 1, place // 2
        yield level, place, found


def root(size: int, nodes: Nodes) -> bytes:
    """The root of the tree of the first `size` leaves."""
    return _hash(0, size, nodes) if size else EMPTY


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """The hashes that lead from the leaf at `index` up to the root of `size` leaves."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of this size")
    return _path(index, 0, size, nodes)


def consistency(first: int, second: int, nodes: Nodes) -> list[bytes]:
    """The hashes that show that the tree of `first` leaves is the beginning of that of `second`."""
    if not 0 <= first <= second:
        raise ValueError("the first size is not before the second")
    return _subproof(first, 0, second, True, nodes) if 0 < first < second else []


def wanted(work: Callable[[Nodes], object]) -> set[tuple[int, int]]:
    """Which whole subtrees `work` asks for, so that one query can bring them all."""
    asked: set[tuple[int, int]] = set()

    def note(level: int, place: int) -> bytes:
        asked.add((level, place))
        return b""

    work(note)
    return asked


def _hash(begin: int, end: int, nodes: Nodes) -> bytes:
    """The hash over the leaves from `begin` to before `end`; a whole subtree of that size can stand at `begin`."""
    count = end - begin
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return nodes(level, begin >> level)
    split = begin + _half(count)
    return node_hash(_hash(begin, split, nodes), _hash(split, end, nodes))


def _half(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def _path(index: int, begin: int, end: int, nodes: Nodes) -> list[bytes]:
    if end - begin == 1:
        return []
    split = begin + _half(end - begin)
    if index < split:
        return [*_path(index, begin, split, nodes), _hash(split, end, nodes)]
    return [*_path(index, split, end, nodes), _hash(begin, split, nodes)]


def _subproof(first: int, begin: int, end: int, known: bool, nodes: Nodes) -> list[bytes]:
    if first == end:
        return [] if known else [_hash(begin, end, nodes)]
    split = begin + _half(end - begin)
    if first <= split:
        return [*_subproof(first, begin, split, known, nodes), _hash(split, end, nodes)]
    return [*_subproof(first, split, end, False, nodes), _hash(begin, split, nodes)]


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], tree_root: bytes) -> bool:
    """Whether `proof` leads from the hash of a leaf at `index` to the root of a tree of `size` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for one in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(one, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, one)
        place, last = place >> 1, last >> 1
    return last == 0 and found == tree_root


def consistent(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that one tree is the beginning of the other (RFC 9162, 2.1.4.2)."""
    if not 0 < first < second:
        return not proof and (first == 0 or (first == second and first_root == second_root))
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    if not path:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(one, before), node_hash(one, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, one)
        place, last = place >> 1, last >> 1
    return last == 0 and before == first_root and after == second_root
