-- Which premises has which combination from when to when, as of a snapshot.
--
-- devices     device_id, device_type, device_status, manufacturer, model, firmware, region,
--             date_commissioned, firmware_since, …           of the snapshot
-- numbers     device_id, premises, …                         see premises.sql
-- texts       device_type, manufacturer, model, firmware, text   each Device in the notation
-- before      premises, region, esme, gsme, hub, esme_hub, combination, first_day, last_day
--                                                            as of the snapshot before, or empty
-- $as_of      the day whose state the snapshot tells
--
-- Answers with the columns of ``before``.
--
-- A premises has its combination since the newest date that is known of one of its Devices: since
-- when it has its firmware, else when it was commissioned. Where none is known, since the beginning,
-- or, where the snapshot before said something else, since the day of this one. What was before
-- that is what the snapshot before said; where there was none, nothing is said of it.

CREATE OR REPLACE TEMP TABLE parts AS
SELECT
    numbers.premises, devices.device_type, texts.text, devices.region,
    coalesce(
        try_cast(nullif(devices.firmware_since, '') AS DATE),
        try_cast(nullif(devices.date_commissioned, '') AS DATE)
    ) AS since
FROM devices
JOIN numbers ON numbers.device_id = devices.device_id
JOIN texts
    ON texts.device_type = devices.device_type AND texts.manufacturer = devices.manufacturer
    AND texts.model = devices.model AND texts.firmware = devices.firmware
WHERE numbers.premises IS NOT NULL
    AND upper(trim(devices.device_status)) NOT IN ('DECOMMISSIONED', 'WITHDRAWN');

CREATE OR REPLACE TEMP TABLE installed AS
SELECT
    premises, region, esme, gsme, hub,
    CASE WHEN hub = '' OR esme = '' THEN '' ELSE concat(hub, ' + ', esme) END AS esme_hub,
    concat_ws(' + ', nullif(hub, ''), nullif(esme, ''), nullif(gsme, '')) AS combination,
    since
FROM (
    SELECT
        premises,
        coalesce(
            min(CASE WHEN device_type = 'CHF' THEN nullif(region, '') END),
            min(nullif(region, '')),
            'Unknown'
        ) AS region,
        coalesce(min(CASE WHEN device_type = 'ESME' THEN text END), '') AS esme,
        coalesce(min(CASE WHEN device_type = 'GSME' THEN text END), '') AS gsme,
        coalesce(min(CASE WHEN device_type = 'CHF' THEN text END), '') AS hub,
        max(since) AS since
    FROM parts
    GROUP BY premises
) AS premises
WHERE concat(esme, gsme, hub) <> '';

-- The last that was said of a premises, and from when on this snapshot holds.
CREATE OR REPLACE TEMP TABLE earlier AS
SELECT
    *, row_number() OVER (PARTITION BY premises ORDER BY first_day DESC, combination) AS age
FROM before;

CREATE OR REPLACE TEMP TABLE begun AS
SELECT
    installed.*,
    earlier.premises IS NOT NULL
        AND earlier.region = installed.region AND earlier.esme = installed.esme
        AND earlier.gsme = installed.gsme AND earlier.hub = installed.hub AS is_same,
    CASE
        WHEN earlier.premises IS NULL THEN coalesce(since, DATE '0001-01-01')
        WHEN earlier.region = installed.region AND earlier.esme = installed.esme
            AND earlier.gsme = installed.gsme AND earlier.hub = installed.hub
            THEN coalesce(since, earlier.first_day)
        WHEN since > earlier.first_day THEN since
        ELSE CAST($as_of AS DATE)
    END AS first_day
FROM installed
LEFT JOIN earlier ON earlier.premises = installed.premises AND earlier.age = 1;

CREATE OR REPLACE TEMP TABLE ended AS
SELECT
    earlier.premises, earlier.region, earlier.esme, earlier.gsme, earlier.hub, earlier.esme_hub,
    earlier.combination, earlier.first_day,
    least(
        earlier.last_day,
        CAST(coalesce(begun.first_day, CAST($as_of AS DATE)) - INTERVAL 1 DAY AS DATE)
    ) AS last_day
FROM earlier
LEFT JOIN begun ON begun.premises = earlier.premises
WHERE begun.premises IS NULL OR NOT (begun.is_same AND earlier.age = 1);

SELECT
    premises, region, esme, gsme, hub, esme_hub, combination, first_day,
    DATE '9999-12-31' AS last_day
FROM begun
UNION ALL
SELECT premises, region, esme, gsme, hub, esme_hub, combination, first_day, last_day
FROM ended
WHERE first_day <= last_day
ORDER BY premises, first_day;
