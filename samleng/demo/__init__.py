"""The demo: a believable project with its areas, officers, people, payments and half a year of cases, all invented."""

from samleng.demo.loading import NotEmpty, load
from samleng.demo.summary import DemoSummary

__all__ = ["DemoSummary", "NotEmpty", "load"]
