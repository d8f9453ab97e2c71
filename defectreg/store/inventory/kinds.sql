-- The Devices that differ in what an entry of the register may name.
--
-- Reads   devices   the table of a snapshot: text, '' where nothing is given
-- Gives   place, from 0 on; device_type, manufacturer, model, firmware; devices, and of those the
--         ones that are installed no longer (gone)
SELECT
    CAST(row_number() OVER (ORDER BY device_type, manufacturer, model, firmware) AS INTEGER) - 1
        AS place,
    device_type, manufacturer, model, firmware, devices, gone
FROM (
    SELECT
        coalesce(device_type, '') AS device_type,
        coalesce(manufacturer, '') AS manufacturer,
        coalesce(model, '') AS model,
        coalesce(firmware, '') AS firmware,
        count(*) AS devices,
        count(*) FILTER (upper(device_status) IN ('DECOMMISSIONED', 'WITHDRAWN')) AS gone
    FROM devices
    GROUP BY ALL
)
ORDER BY place;
