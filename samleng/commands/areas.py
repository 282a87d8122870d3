"""The command that writes a country's areas as a list: `samleng areas`."""

import click

from samleng.commands.shared import Wrong, show_csv


@click.command()
@click.argument("codes", nargs=-1, required=True, metavar="CODE...")
@click.option("--town", "towns", multiple=True, metavar="CODE", help="A district that is a krong, with sangkat.")
def areas(*, codes: tuple[str, ...], towns: tuple[str, ...]) -> None:
    """Write areas of Cambodia as CSV, for `samleng import areas`: provinces (17) or districts (1701) with all below them.

    Codes and names are those of the Ministry of Economy and Finance. For other countries write the list by hand.
    """
    from samleng.files import cambodia

    try:
        found = list(cambodia.areas_of(codes, towns=towns))
    except cambodia.UnknownCode as unknown:
        what = f"{unknown} is no province or district of Cambodia that was named"
        raise Wrong(f"{what}\n    → write codes like 17 (a province) or 1701 (a district)") from unknown
    rows = ((each.code, each.level, each.parent, each.kind, each.name_km, each.name_en) for each in found)
    show_csv(("code", "level", "parent", "kind", "name_km", "name_en"), rows)
