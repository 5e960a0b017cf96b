"""What is remembered: one database, its tables, and queries in a file per noun. Only `Database.write` commits."""
