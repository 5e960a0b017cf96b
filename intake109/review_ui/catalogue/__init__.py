"""What the catalogue's editor shows and reads."""
