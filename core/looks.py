"""Looks for records that name none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from zlib import crc32

from core.record import DASHES, Look

# Hues that people who see no red, or no green, hardly tell apart: not with one dash in one picture.
ALIKE = ({"orange", "amber"}, {"purple", "slate"}, {"teal", "slate"})


def free_look(key: str, hues: Sequence[str], taken: Collection[Look]) -> Look:
    """A look of these hues that is none of `taken`, nor easily taken for one; the same in each process for a key.

    When no look is left that every eye can tell apart, it is one that is not taken; when none is, it is any.
    """
    every = [Look(hue, dash) for dash in DASHES for hue in hues]
    first = crc32(key.encode()) % len(every)
    every = every[first:] + every[:first]
    alike = [Look(hue, one.dash) for one in taken for pair in ALIKE if one.hue in pair for hue in pair]
    clear = [one for one in every if one not in taken and one not in alike]
    return (clear or [one for one in every if one not in taken] or every)[0]
