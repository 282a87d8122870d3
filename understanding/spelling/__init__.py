"""How words are spelled: keys under which spellings meet, slips, and whose letters they are."""
