"""Lets `python -m benchmarks` run all benchmarks, or those that are named."""

import platform
from contextlib import closing
from os import cpu_count, getloadavg

import click

from benchmarks import answer_time, broadcast, handover, importing, inbound, queries, start, sweep, understanding, year
from benchmarks.means.databases import KINDS, Databases
from benchmarks.means.sizes import QUICK, WHOLE

BENCHMARKS = {
    "inbound": inbound,
    "answer_time": answer_time,
    "handover": handover,
    "start": start,
    "queries": queries,
    "understanding": understanding,
    "sweep": sweep,
    "broadcast": broadcast,
    "importing": importing,
    "year": year,
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(BENCHMARKS)))
@click.option("--quick", is_flag=True, help="Smaller tables and shorter times: figures scatter more.")
@click.option("--database", type=click.Choice([*KINDS, "both"]), default="both", show_default=True)
def main(*, names: tuple[str, ...], quick: bool, database: str) -> None:
    """Print the figures of the benchmarks, each as a ratio against a limit that is measured in the same run."""
    kinds = KINDS if database == "both" else (database,)
    machine = f"{cpu_count()} cores, load {getloadavg()[0]:.1f}, Python {platform.python_version()}"
    click.echo(f"{machine}; other work on the machine moves absolutes more than ratios")
    with closing(Databases()) as databases:
        for name in names or BENCHMARKS:
            for figure in BENCHMARKS[name].run(QUICK if quick else WHOLE, databases, kinds):
                click.echo(str(figure))


if __name__ == "__main__":
    main()
