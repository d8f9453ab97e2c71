-- Which Devices differ in what an entry of the register may name.
--
-- Reads   devices   the table of a snapshot: text, '' where nothing is given
-- Gives   device_type, manufacturer, model, firmware; devices, and of those the ones that are
--         installed no longer (gone)
SELECT
    coalesce(device_type, '') AS device_type,
    coalesce(manufacturer, '') AS manufacturer,
    coalesce(model, '') AS model,
    coalesce(firmware, '') AS firmware,
    count(*) AS devices,
    count(*) FILTER (upper(device_status) IN ('DECOMMISSIONED', 'WITHDRAWN')) AS gone
FROM devices
GROUP BY ALL;
