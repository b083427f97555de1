"""What became of what."""

from mjasync.sheet.tree import Tree
from tests.sheet.test_page import picture


def made(job_id, *before):
    lineage = tuple({"job_id": each, "step": "x", "ticket": "a:b"} for each in (*before, job_id))
    return picture(job_id=job_id, lineage=lineage)


def ids(pictures):
    return [each.job_id for each in pictures]


def shown(tree):
    return [(told, ids(path)) for told, path in tree.paths()]


def test_nothing():
    tree = Tree([])
    assert ([], [], []) == (tree.roots, tree.leaves, shown(tree))


def test_one_alone_is_root_and_leaf():
    only = made("a")
    tree = Tree([only])
    assert ([only], [only], [(0, ["a"])]) == (tree.roots, tree.leaves, shown(tree))


def test_a_chain_is_one_way():
    tree = Tree([made("a"), made("b", "a"), made("c", "a", "b")])
    assert [(0, ["a", "b", "c"])] == shown(tree)
    assert ["b"] == ids(tree.children(tree.roots[0]))


def test_a_fork_is_told_from_where_it_leaves():
    tree = Tree([made("a"), made("b", "a"), made("c", "a", "b"), made("d", "a", "b"), made("e", "a")])
    assert [(0, ["a", "b", "c"]), (1, ["b", "d"]), (1, ["a", "e"])] == shown(tree)
    assert ["c", "d", "e"] == ids(tree.leaves)


def test_a_missing_parent_is_the_nearest_that_is_there():
    tree = Tree([made("a"), made("c", "a", "gone")])
    assert [(0, ["a", "c"])] == shown(tree)


def test_strangers_are_roots():
    tree = Tree([made("a"), made("b", "elsewhere")])
    assert [(0, ["a"]), (0, ["b"])] == shown(tree)


def test_a_parent_that_comes_later_counts_too():
    assert [(0, ["a", "b"])] == shown(Tree([made("b", "a"), made("a")]))


def test_a_picture_twice_is_once():
    assert [(0, ["a"])] == shown(Tree([made("a"), made("a")]))


def test_a_long_chain_needs_no_recursion():
    names = [f"{number}" for number in range(3000)]
    tree = Tree([made(name, *names[max(0, place - 1) : place]) for place, name in enumerate(names)])
    assert [(0, names)] == shown(tree)
