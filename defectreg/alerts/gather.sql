-- The rows of a log as they are counted, or why they are not.
--
-- raw         place, device_id, alert_code, time, region, alerts   its rows, all text but the place
-- limits      earliest, latest                                     days that can be, YYYY-MM-DD
--
-- Each row is there, and ``why`` it is no alert, '' where it is one. A day is the one that the
-- time is written with. A row without a number is one alert. Most texts stand there as they should
-- and are looked at only once; blanks, apostrophes of spreadsheets and small letters are taken off
-- the others. An alert code is as it stands there, in capitals and without 0x; whether it is one is
-- asked later. Makes the view ``judged``, which runs on every engine.

CREATE OR REPLACE TEMP VIEW judged AS
SELECT
    place, device_id, alert_code, region, day, number AS alerts,
    CASE
        WHEN device_id = '' THEN 'the Device ID is missing'
        WHEN NOT is_device
            AND NOT regexp_matches(device_id, '^[0-9A-F]{2}(-[0-9A-F]{2}){7}$')
            THEN 'the Device ID is not eight pairs of hexadecimal digits with hyphens between'
        WHEN alert_code = '' THEN 'the alert code is missing'
        WHEN time = '' THEN 'the time is missing'
        WHEN day IS NULL THEN 'the time does not begin with a day written YYYY-MM-DD or DD/MM/YYYY'
        WHEN day > CAST((SELECT latest FROM limits) AS DATE) THEN 'the day has not come yet'
        WHEN day < CAST((SELECT earliest FROM limits) AS DATE)
            THEN 'the day was before there were smart meters'
        WHEN number IS NULL OR number NOT BETWEEN 1 AND 4294967295
            THEN 'the number of alerts is no whole number from 1 to 4294967295'
        ELSE ''
    END AS why
FROM (
    SELECT
        place, is_device, time, region,
        CASE WHEN is_device THEN device_id ELSE upper(trim(device_id, ' ''')) END AS device_id,
        CASE
            WHEN regexp_matches(alert_code, '^[0-9A-F]{4}$') THEN alert_code
            WHEN regexp_matches(alert_code, '^[ '']*0[Xx][0-9A-Fa-f]{4}[ '']*$')
                THEN right(upper(trim(alert_code, ' ''')), 4)
            ELSE upper(left(trim(alert_code, ' '''), 12))
        END AS alert_code,
        CASE
            WHEN regexp_matches(
                time, '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.,]*)?(Z|[+-][0-9:]{2,5})?$'
            ) THEN try_cast(left(time, 10) AS DATE)
            WHEN regexp_matches(time, '^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}( [0-9:.]*)?$')
                THEN try_cast(
                    concat(
                        split_part(split_part(time, ' ', 1), '/', 3), '-',
                        lpad(split_part(time, '/', 2), 2, '0'), '-',
                        lpad(split_part(time, '/', 1), 2, '0')
                    ) AS DATE
                )
        END AS day,
        CASE
            WHEN number = '' THEN CAST(1 AS BIGINT)
            WHEN regexp_matches(number, '^[0-9]{1,10}$') THEN CAST(number AS BIGINT)
        END AS number
    FROM (
        SELECT
            place,
            regexp_matches(coalesce(device_id, ''), '^[0-9A-F]{2}(-[0-9A-F]{2}){7}$') AS is_device,
            coalesce(device_id, '') AS device_id,
            coalesce(alert_code, '') AS alert_code,
            ltrim(coalesce(time, ''), ' ''') AS time,
            CASE WHEN region <> '' THEN upper(left(trim(region, ' '''), 20)) ELSE '' END AS region,
            CASE WHEN alerts <> '' THEN trim(alerts, ' ''') ELSE '' END AS number
        FROM raw
    ) AS texts
) AS read;
