"""The place that shows the whole point: its workstations, conflicts side by side, the exchange by stick."""
