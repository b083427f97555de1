"""What became of what: the pictures of one lineage as a tree, by their lineages alone.

A picture whose parent is not among them hangs on the nearest ancestor that is; without one it is a root.
"""

from collections.abc import Iterable, Iterator, Sequence

from mjasync.sheet.saving import Picture

#: Pictures from one that was told before (or a root) to a leaf; `told` of them, 0 or 1, were told before.
Path = tuple[int, Sequence[Picture]]


class Tree:
    """Pictures in the order in which they were made, and their children."""

    def __init__(self, pictures: Iterable[Picture]) -> None:
        by_id = {picture.job_id: picture for picture in pictures}
        self._children: dict[str, list[Picture]] = {job_id: [] for job_id in by_id}
        self.roots: list[Picture] = []
        for picture in by_id.values():
            before = [step.get("job_id", "") for step in picture.lineage if step.get("job_id") != picture.job_id]
            parent = next((job_id for job_id in reversed(before) if job_id in by_id), None)
            (self.roots if parent is None else self._children[parent]).append(picture)

    def children(self, picture: Picture) -> Sequence[Picture]:
        """Return what was made of it directly."""
        return self._children[picture.job_id]

    @property
    def leaves(self) -> list[Picture]:
        """Return the pictures of which nothing was made, roots among them."""
        return [path[-1] for _, path in self.paths()]

    def paths(self) -> Iterator[Path]:
        """Yield the way to each leaf, from where it leaves the way before."""
        waiting: list[Path] = [(0, (root,)) for root in reversed(self.roots)]
        while waiting:
            told, path = waiting.pop()
            children = self.children(path[-1])
            waiting += [(1, (path[-1], other)) for other in reversed(children[1:])]
            if children:
                waiting.append((told, (*path, children[0])))
            else:
                yield told, path
