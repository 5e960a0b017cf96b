"""The citizens' word: whom to call, and the texts they read."""
