"""The page on which staff see how the SMS gateways are."""

from flask import Blueprint, Response

from console.pages import Site, shown
from domain.permissions import Permission, needs
from handlers.sending import gateway_figures


def add_to(blueprint: Blueprint, site: Site) -> None:
    """Add the page."""

    @blueprint.get("/gateways")
    @needs(Permission.GATEWAYS_READ)
    def gateways() -> Response:
        found = gateway_figures.figures(site.context, site.clock())
        return shown(site, "gateways.html", gateways=found)
