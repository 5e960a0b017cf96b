"""When an appeal must be done: the working calendar, deadlines, what is near and what is past."""
