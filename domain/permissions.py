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
    CONSOLE_SIGN_IN = "console:sign_in"
    CONSOLE_USE = "console:use"
    DESK_READ = "desk:read"
    DESK_WORK = "desk:work"
    GATEWAYS_READ = "gateways:read"
    HARM_READ = "harm:read"
    HARM_WORK = "harm:work"
    PEOPLE_ERASE = "people:erase"
    PEOPLE_IMPORT = "people:import"
    PUBLIC = "public"
    REPORTS_READ = "reports:read"
    ROUNDS_WORK = "rounds:work"
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

_CONSOLE = frozenset({Permission.CONSOLE_SIGN_IN, Permission.CONSOLE_USE})
_DESK = _CONSOLE | {Permission.DESK_READ, Permission.DESK_WORK, Permission.PEOPLE_ERASE, Permission.ROUNDS_WORK}
_FOCAL = _CONSOLE | {
    Permission.CASES_RELEASE,
    Permission.HARM_READ,
    Permission.HARM_WORK,
    Permission.PEOPLE_ERASE,
}
_HELD: dict[Level, frozenset[Permission]] = {
    **dict.fromkeys(LADDER_LEVELS, _OFFICER),
    Level.PROVIDER: _OFFICER,
    Level.DESK: _OFFICER | _DESK,
    Level.FOCAL: _OFFICER | _FOCAL,
    Level.STAFF: frozenset(
        {
            Permission.BROADCASTS_APPROVE,
            Permission.BROADCASTS_MAKE,
            Permission.GATEWAYS_READ,
            Permission.PEOPLE_IMPORT,
            Permission.REPORTS_READ,
            Permission.ROUNDS_WORK,
            Permission.SELF_SETTINGS,
        }
    )
    | _CONSOLE,
    Level.ADMIN: frozenset({Permission.GATEWAYS_READ, Permission.STAFF_MANAGE, Permission.SELF_SETTINGS}) | _CONSOLE,
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
