-- A number for the premises of each Device that stays the same from snapshot to snapshot.
--
-- devices     device_id, device_type, premises, region, …   of a snapshot; its numbers of premises
--                                                           mean nothing outside it
-- before      device_id, device_type, premises, region      of the snapshot before, or empty
--
-- Answers with the columns of ``before``. A premises keeps the number of its
-- Communications Hub; where the Hub is new, the one that most of its Devices had. A number has one
-- premises; whoever is left over gets a new one. Devices that are not here any more keep theirs,
-- so that no number is ever given twice.

CREATE OR REPLACE TEMP TABLE claims AS
SELECT
    devices.premises AS place, before.premises AS number,
    max(CASE WHEN devices.device_type = 'CHF' THEN 1 ELSE 0 END) AS has_hub, count(*) AS devices
FROM devices
JOIN before ON before.device_id = devices.device_id
WHERE devices.premises IS NOT NULL AND before.premises IS NOT NULL
GROUP BY devices.premises, before.premises;

CREATE OR REPLACE TEMP TABLE taken AS
SELECT place, number
FROM (
    SELECT
        place, number,
        row_number() OVER (PARTITION BY number ORDER BY has_hub DESC, devices DESC, place) AS turn
    FROM (
        SELECT
            *, row_number() OVER (
                PARTITION BY place ORDER BY has_hub DESC, devices DESC, number
            ) AS choice
        FROM claims
    ) AS chosen
    WHERE choice = 1
) AS turns
WHERE turn = 1;

CREATE OR REPLACE TEMP TABLE given AS
SELECT
    places.place,
    coalesce(
        taken.number,
        CASE
            WHEN most.number IS NULL THEN places.place
            ELSE most.number + row_number() OVER (
                PARTITION BY taken.number IS NULL ORDER BY places.place
            )
        END
    ) AS number
FROM (SELECT DISTINCT premises AS place FROM devices WHERE premises IS NOT NULL) AS places
LEFT JOIN taken ON taken.place = places.place
CROSS JOIN (SELECT max(premises) AS number FROM before) AS most;

SELECT
    devices.device_id, devices.device_type, given.number AS premises, devices.region
FROM devices
LEFT JOIN given ON given.place = devices.premises
UNION ALL
SELECT device_id, device_type, premises, region
FROM before
WHERE device_id NOT IN (SELECT device_id FROM devices)
ORDER BY premises, device_id;
