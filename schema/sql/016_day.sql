-- What was packed and what left in a day, by hour (daemon/model/day.c).
CREATE INDEX work_packed ON work (store_id, packed_ms, state)
    WHERE packed_ms > 0;
CREATE INDEX parcel_shipped ON parcel (store_id, shipped_ms)
    WHERE shipped_ms > 0;
