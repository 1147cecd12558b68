-- For inquiries: what changed at a transfer point, and which stations it has.
CREATE INDEX batch_by_station ON batch (station, id);
CREATE INDEX station_act_by_point ON station_act (transfer_point, id);
