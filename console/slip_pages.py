"""The printed slip: one small page for whoever has no phone."""

from flask import Blueprint, Response, abort

from console.pages import Site, shown, signed
from domain.permissions import Permission, needs
from handlers.console import slips


def add_to(blueprint: Blueprint, site: Site) -> None:
    """Add the page."""

    @blueprint.get("/slips/<reference>")
    @needs(Permission.CASES_READ)
    def slip(reference: str) -> Response:
        found = slips.slip(site.context, signed(), reference, site.clock())
        return shown(site, "slip.html", slip=found) if found is not None else abort(404)
