"""The scratch file of a long act: what was put down is read back in order, and what is kept out is not."""

from storage.notebook import notebook


def test_keys_are_found_in_the_row_where_they_first_stood() -> None:
    with notebook() as book:
        assert book.first_rows([("a", 1), ("b", 2), ("a", 3)]) == {"a": 1, "b": 2}
        assert book.first_rows([("b", 4), ("c", 5)]) == {"b": 2, "c": 5}
        assert (book.has_seen("c"), book.has_seen("d")) == (True, False)


def test_steps_come_back_in_order_without_those_kept_out() -> None:
    with notebook() as book:
        book.put((row, {"n": row}) for row in range(1200, 0, -1))
        assert book.keep_out(7, "one")
        assert not book.keep_out(7, "another")
        rows = [row for page in book.steps() for row, _ in page]
        assert rows == [row for row in range(1, 1201) if row != 7]
        assert (book.why_out(7), book.why_out(8), book.kept_out()) == ("one; another", None, 1)


def test_groups_come_back_key_by_key_even_while_rows_are_kept_out() -> None:
    with notebook() as book:
        book.group([("b", 3, "x"), ("a", 2, "y"), ("a", 1, "z")])
        seen = []
        for key, rows in book.groups():
            seen.append((key, rows))
            book.keep_out(rows[0][0], "why")
        assert seen == [("a", [(1, "z"), (2, "y")]), ("b", [(3, "x")])]
