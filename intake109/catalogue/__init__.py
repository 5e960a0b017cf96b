"""The services a city gives, who does them, how fast, and how citizens ask for them."""
