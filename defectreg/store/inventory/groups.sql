-- The installed combinations that are alike, each once, and how many there are of it.
--
-- Reads   devices   the table of a snapshot: text, '' where nothing is given; premises is null
--                   where it is not known of a Device
--         kinds     the Devices that differ, and the place of each (kinds.sql)
--         $most     Devices of one premises; where there are more, they are taken alone
-- Gives   places    of the kinds, sorted: of two Devices that are alike the same twice
--         region    '' where it is not given, or where the Devices of a premises disagree
--         is_premises, combinations; regrouped: Devices taken alone although they are said to be of
--         one premises
CREATE TEMP TABLE installed AS
SELECT devices.premises, kinds.place, upper(trim(coalesce(devices.region, ''))) AS region
FROM devices
JOIN kinds
    ON kinds.device_type = coalesce(devices.device_type, '')
    AND kinds.manufacturer = coalesce(devices.manufacturer, '')
    AND kinds.model = coalesce(devices.model, '')
    AND kinds.firmware = coalesce(devices.firmware, '')
WHERE upper(coalesce(devices.device_status, '')) NOT IN ('DECOMMISSIONED', 'WITHDRAWN');

CREATE TEMP TABLE crowded AS
SELECT premises
FROM installed
WHERE premises IS NOT NULL
GROUP BY premises
HAVING count(*) > $most;

SELECT places, region, TRUE AS is_premises, count(*) AS combinations, 0 AS regrouped
FROM (
    SELECT
        list_sort(list(place)) AS places,
        CASE WHEN min(nullif(region, '')) = max(region) THEN max(region) ELSE '' END AS region
    FROM installed
    WHERE premises IS NOT NULL AND premises NOT IN (SELECT premises FROM crowded)
    GROUP BY premises
)
GROUP BY places, region
UNION ALL
SELECT
    list_value(place) AS places, region, FALSE AS is_premises, count(*) AS combinations,
    count(premises) AS regrouped
FROM installed
WHERE premises IS NULL OR premises IN (SELECT premises FROM crowded)
GROUP BY place, region;
