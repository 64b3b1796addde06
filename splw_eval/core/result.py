"""The one result type: a fixed envelope around rows of one row type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from splw_eval.core.columns import Role, columns_of

if TYPE_CHECKING:
    import pandas as pd

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A sentence whose numbers of people are kept apart from its words.

    Attributes
    ----------
    text : str
        The sentence, with ``{name}`` where a count stands and braces doubled; exactly as it is
        printed where there is no count.
    counts : mapping of str to int or None
        The counts; None once masked.
    """

    text: str
    counts: Mapping[str, int | None] = field(default_factory=dict)

    def sentence(self) -> str:
        """Return the words with their numbers; ``*`` stands for a masked one."""
        if not self.counts:
            return self.text
        shown = {name: "*" if n is None else f"{n:,}" for name, n in self.counts.items()}
        return self.text.format(**shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What a result was made with: versions, seed, digests of the plan and the files."""

    versions: Mapping[str, str]
    seed: int
    plan_sha256: str
    file_digests: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """The masking that a result went through.

    Attributes
    ----------
    profile : str
        Name of the profile.
    rule : str
        The rule in one sentence, printed under every table.
    reason : str
        Why counts are exact, where the profile asks for a reason.
    """

    profile: str
    rule: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Generic[RowT]):
    """Rows of one type with what a reader must know of them.

    Attributes
    ----------
    key : str
        Stable name, also the name of its table's file.
    title : str
        What a commissioner reads above the table.
    unit : str
        Unit of the estimates.
    row_type : type
        The dataclass of the rows; its columns carry titles and disclosure roles.
    rows : tuple
        May be empty: then `notes` says why.
    notes : tuple of Note
        Method, df rule, limits.
    sources : tuple of str
        Papers and reference programs.
    provenance : Provenance or None
    disclosure : Disclosure or None
        None until masked; nothing renders an unmasked result.
    masked : frozenset of (int, str)
        Row number and field of every cell that was masked.
    decimals : mapping of (int, str) to int
        Decimals of every number that is told with other digits than planned, so that it gives
        no number of people away, or so that it does not read as 0.
    """

    key: str
    title: str
    unit: str
    row_type: type[RowT]
    rows: tuple[RowT, ...] = ()
    notes: tuple[Note, ...] = ()
    sources: tuple[str, ...] = ()
    provenance: Provenance | None = None
    disclosure: Disclosure | None = None
    masked: frozenset[tuple[int, str]] = frozenset()
    decimals: Mapping[tuple[int, str], int] = field(default_factory=dict)

    def to_frame(self) -> pd.DataFrame:
        """Return the rows as a data frame, one column per field; a masked cell is missing."""
        import pandas as pd

        names = [f.name for f in fields(self.row_type)]  # type: ignore[arg-type]
        data = [[getattr(row, name) for name in names] for row in self.rows]
        return pd.DataFrame(data, columns=names)

    def to_dict(self) -> dict[str, Any]:
        """Return the whole result in types that JSON knows."""
        return {
            "key": self.key,
            "title": self.title,
            "unit": self.unit,
            "columns": {
                name: {"title": c.title, "role": c.role.value}
                for name, c in columns_of(self.row_type).items()
                if c.role is not Role.GUARD
            },
            "rows": [self._told(row) for row in self.rows],
            "masked": [{"row": i, "column": name} for i, name in sorted(self.masked)],
            "decimals": [
                {"row": i, "column": name, "decimals": n}
                for (i, name), n in sorted(self.decimals.items())
            ],
            "notes": [note.sentence() for note in self.notes],
            "sources": list(self.sources),
            "provenance": _plain(self.provenance),
            "disclosure": _plain(self.disclosure),
        }

    def _told(self, row: Any) -> dict[str, Any]:
        columns = columns_of(self.row_type)
        return {k: v for k, v in asdict(row).items() if columns[k].role is not Role.GUARD}


def _plain(record: Provenance | Disclosure | None) -> dict[str, Any] | None:
    if record is None:
        return None
    values = ((f.name, getattr(record, f.name)) for f in fields(record))
    return {name: dict(v) if isinstance(v, Mapping) else v for name, v in values}
