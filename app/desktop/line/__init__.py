"""The page of the line to the centre, for technicians and supervisors."""
