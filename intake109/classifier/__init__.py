"""Says of a text what it is, which service it asks for, whether life is in danger, in which language and where."""
