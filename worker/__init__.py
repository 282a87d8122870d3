"""The worker: the dispatcher of the outbox, and the clock, which alone knows the scheduler's library."""

from worker.attachments import fetch_waiting
from worker.clock import Clock, SweepCount
from worker.dispatcher import Dispatcher

__all__ = ["Clock", "Dispatcher", "SweepCount", "fetch_waiting"]
