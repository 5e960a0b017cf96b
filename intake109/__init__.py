"""intake109: no appeal made on social networks is missed."""
