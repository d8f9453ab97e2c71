-- What is installed with a Device: the Devices of each premises where it is, or itself alone.
--
-- Reads   devices      the table of a snapshot: text, '' where nothing is given; premises is null
--                      where it is not known of a Device
--         $device_id   in upper case
--         $most        Devices of one premises that are read
-- Gives   place        a number for each premises, and each Device without one
--         device_type, manufacturer, model, firmware, device_status, region
WITH asked AS (
    SELECT * FROM devices WHERE upper(device_id) = $device_id
),
together AS (
    SELECT devices.premises AS place, devices.*
    FROM devices
    WHERE devices.premises IN (SELECT premises FROM asked)
    UNION ALL
    SELECT -row_number() OVER (ORDER BY manufacturer, model, firmware) AS place, asked.*
    FROM asked
    WHERE premises IS NULL
)
SELECT
    place,
    coalesce(device_type, '') AS device_type,
    coalesce(manufacturer, '') AS manufacturer,
    coalesce(model, '') AS model,
    coalesce(firmware, '') AS firmware,
    coalesce(device_status, '') AS device_status,
    coalesce(region, '') AS region
FROM together
QUALIFY row_number() OVER (PARTITION BY place ORDER BY device_id) <= $most
ORDER BY place, device_type, manufacturer, model, firmware;
