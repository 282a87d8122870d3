"""Whole texts that are one short answer or wish, compared with closed lists in three languages."""
