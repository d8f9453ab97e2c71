-- What a log says, by premises and day: the aggregates that are kept, and what has no place.
--
-- judged      device_id, alert_code, region, day, why, alerts         its rows, see gather.sql
-- regions     text                                                    the regions, in capitals
-- numbers     device_id, device_type, premises, region                see premises.sql
--
-- Makes ``said``: sums for each premises; where there is none, for each Device; and the number of the
-- rows that are no alert, for each reason. ``elsewhere`` are the alerts of which log and inventory
-- name two regions. Each row of the log is read once, and joined before it is added up.

CREATE OR REPLACE TEMP TABLE said AS
SELECT
    day, alert_code, premises, device_type, device_id, why,
    count(*) AS lines,
    CAST(sum(alerts) AS BIGINT) AS alerts,
    CAST(sum(elsewhere) AS BIGINT) AS elsewhere
FROM (
    SELECT
        judged.why,
        CASE WHEN judged.why = '' THEN judged.day END AS day,
        CASE WHEN judged.why = '' THEN judged.alert_code END AS alert_code,
        CASE WHEN judged.why = '' THEN numbers.premises END AS premises,
        CASE WHEN judged.why = '' THEN numbers.device_type END AS device_type,
        CASE
            WHEN judged.why = '' AND numbers.premises IS NULL THEN judged.device_id
        END AS device_id,
        CASE WHEN judged.why = '' THEN judged.alerts END AS alerts,
        CASE
            WHEN judged.region <> '' AND judged.why = ''
                AND numbers.region NOT IN ('', 'Unknown') AND regions.text <> upper(numbers.region)
                THEN judged.alerts
        END AS elsewhere
    FROM judged
    LEFT JOIN regions ON regions.text = judged.region
    LEFT JOIN numbers ON numbers.device_id = judged.device_id
) AS each
GROUP BY day, alert_code, premises, device_type, device_id, why;
