-- What all logs of a run say, by premises: the aggregates that are kept, and what has no place.
--
-- gathered    file, device_id, alert_code, region, day, why, alerts   the rows of all, see gather.sql
-- codes       text, code          each alert code as it stands in a log, and as DUIS writes it;
--                                 '' where it is none
-- regions     text, region        each region likewise
-- numbers     device_id, device_type, premises, region                see premises.sql
-- exposure    premises, first_day, last_day, …                        see exposure.sql
--
-- Makes ``found``, sums for each premises, or, where there is none, for each Device; of them
-- ``placed``, without any Device ID, and ``unplaced`` with the reason. Answers of how many alerts
-- log and inventory name two regions, and how many are of a day of which the inventory does not say
-- what the premises had.

CREATE TEMP TABLE found AS
SELECT
    day, file, premises, device_type, alert_code, device_id,
    CAST(sum(alerts) AS BIGINT) AS alerts,
    CAST(sum(elsewhere) AS BIGINT) AS elsewhere
FROM (
    SELECT
        gathered.day, gathered.file, numbers.premises, numbers.device_type,
        codes.code AS alert_code, gathered.alerts,
        CASE WHEN numbers.premises IS NULL THEN gathered.device_id END AS device_id,
        CASE
            WHEN regions.region <> '' AND numbers.region NOT IN ('', 'Unknown', regions.region)
                THEN gathered.alerts
        END AS elsewhere
    FROM gathered
    JOIN codes ON codes.text = gathered.alert_code
    JOIN regions ON regions.text = gathered.region
    LEFT JOIN numbers ON numbers.device_id = gathered.device_id
    WHERE gathered.why = '' AND codes.code <> ''
) AS each
GROUP BY day, file, premises, device_type, alert_code, device_id;

CREATE TEMP VIEW placed AS
SELECT day, file, premises, device_type, alert_code, alerts
FROM found
WHERE premises IS NOT NULL;

CREATE TEMP VIEW unplaced AS
SELECT
    file, device_id,
    CASE
        WHEN device_type IS NULL THEN 'the inventory does not have the Device'
        ELSE 'the inventory does not say the premises of the Device'
    END AS why,
    CAST(sum(alerts) AS BIGINT) AS alerts
FROM found
WHERE premises IS NULL
GROUP BY file, device_id, device_type;

SELECT
    (SELECT coalesce(CAST(sum(elsewhere) AS BIGINT), 0) FROM found) AS elsewhere,
    (
        SELECT coalesce(CAST(sum(alerts) AS BIGINT), 0)
        FROM placed
        WHERE NOT EXISTS (
            SELECT 1 FROM exposure
            WHERE exposure.premises = placed.premises
                AND placed.day BETWEEN exposure.first_day AND exposure.last_day
        )
    ) AS uncovered;
