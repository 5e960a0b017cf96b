"""Where the problem is: names and patterns of places, found in what citizens write."""
