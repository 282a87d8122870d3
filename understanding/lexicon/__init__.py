"""The words of the field: phrases by concept in one file a language and script, and the rules that weigh them."""
