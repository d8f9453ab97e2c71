-- The installed combinations that are alike, each once, and how many there are of it.
--
-- Reads   devices   the table of a snapshot: text, '' where nothing is given; premises is null
--                   where it is not known of a Device
--         kinds     device_type, manufacturer, model, firmware of each Device that differs; its
--                   place; hub, what it says of a Communications Hub; matters, 'yes' or 'no'
--         $most     Devices of one premises; where there are more, they are taken alone
-- Gives   places    of the kinds that matter, separated by blanks, sorted
--         region    '' where it is not given, or where the Devices of a premises disagree
--         hub, is_premises ('yes' or 'no'), combinations, regrouped: Devices taken alone although
--         they are said to be of one premises
WITH installed AS (
    SELECT
        devices.premises, CAST(kinds.place AS INTEGER) AS place,
        CAST(kinds.hub AS INTEGER) AS hub, kinds.matters = 'yes' AS matters,
        upper(trim(coalesce(devices.region, ''))) AS region
    FROM devices
    JOIN kinds
        ON kinds.device_type = coalesce(devices.device_type, '')
        AND kinds.manufacturer = coalesce(devices.manufacturer, '')
        AND kinds.model = coalesce(devices.model, '')
        AND kinds.firmware = coalesce(devices.firmware, '')
    WHERE upper(coalesce(devices.device_status, '')) NOT IN ('DECOMMISSIONED', 'WITHDRAWN')
),
premises AS (
    SELECT
        premises,
        list_sort(list(place) FILTER (matters)) AS places,
        CASE WHEN min(nullif(region, '')) = max(region) THEN max(region) ELSE '' END AS region,
        max(hub) AS hub,
        count(*) AS devices
    FROM installed
    WHERE premises IS NOT NULL
    GROUP BY premises
)
SELECT
    coalesce(array_to_string(places, ' '), '') AS places,
    region, hub, 'yes' AS is_premises, count(*) AS combinations, 0 AS regrouped
FROM premises
WHERE devices <= $most
GROUP BY places, region, hub
UNION ALL
SELECT
    CASE WHEN matters THEN CAST(place AS VARCHAR) ELSE '' END AS places,
    region, hub, 'no' AS is_premises, count(*) AS combinations, count(premises) AS regrouped
FROM installed
WHERE premises IS NULL OR premises IN (SELECT premises FROM premises WHERE devices > $most)
GROUP BY ALL;
