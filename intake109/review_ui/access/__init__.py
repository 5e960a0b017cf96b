"""Who may come in: accounts, logins, sessions, forms that prove where they came from."""
