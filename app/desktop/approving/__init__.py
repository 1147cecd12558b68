"""The place where a supervisor approves what clerks held: the queue, one case with all its evidence."""
