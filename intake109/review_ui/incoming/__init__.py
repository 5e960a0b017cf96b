"""What the outside sends us over HTTP: the platforms' posts and the citizens' form."""
