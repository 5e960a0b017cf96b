"""What is owed to the outside: written with the decision, leased by a worker, delivered with no transaction open."""
