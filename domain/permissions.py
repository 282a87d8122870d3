"""Who may do what: `scope:action` names, and the levels that hold each of them."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from domain.settings import LADDER_LEVELS, Level

View = TypeVar("View", bound=Callable[..., Any])


class Permission(StrEnum):
    """One thing that one may be allowed to do, alphabetically."""

    BROADCASTS_APPROVE = "broadcasts:approve"
    BROADCASTS_MAKE = "broadcasts:make"
    CASES_LIST = "cases:list"
    CASES_MARK_SENSITIVE = "cases:mark_sensitive"
    CASES_READ = "cases:read"
    CASES_RELEASE = "cases:release"
    CASES_WORK = "cases:work"
    PEOPLE_IMPORT = "people:import"
    PUBLIC = "public"
    REPORTS_READ = "reports:read"
    SELF_SETTINGS = "self:settings"
    STAFF_MANAGE = "staff:manage"


_OFFICER = frozenset(
    {
        Permission.CASES_LIST,
        Permission.CASES_MARK_SENSITIVE,
        Permission.CASES_READ,
        Permission.CASES_WORK,
        Permission.SELF_SETTINGS,
    }
)

_HELD: dict[Level, frozenset[Permission]] = {
    **dict.fromkeys(LADDER_LEVELS, _OFFICER),
    Level.DESK: _OFFICER,
    Level.FOCAL: _OFFICER | {Permission.CASES_RELEASE},
    Level.STAFF: frozenset(
        {
            Permission.BROADCASTS_APPROVE,
            Permission.BROADCASTS_MAKE,
            Permission.PEOPLE_IMPORT,
            Permission.REPORTS_READ,
            Permission.SELF_SETTINGS,
        }
    ),
    Level.ADMIN: frozenset({Permission.STAFF_MANAGE, Permission.SELF_SETTINGS}),
}


def permissions_of(levels: frozenset[Level]) -> frozenset[Permission]:
    """Return all that somebody may do who holds posts of these levels. Everybody holds `public`."""
    return frozenset({Permission.PUBLIC}).union(*(_HELD[level] for level in levels))


def needs(permission: Permission) -> Callable[[View], View]:
    """Mark a route's function with the permission that it asks for; a test walks all routes and finds none without."""

    def marked(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return marked
