"""What an executor sees and does: its own appeals, with a login or by a link to one of them."""
