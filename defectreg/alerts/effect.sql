-- Alerts before and after premises took a firmware, beside like premises that had not yet: sums
-- that can be added, for each region and combination that they had before.
--
-- alerts    premises, device_type, alert_code, alerts, day    kept alerts
-- exposure  premises, region, esme, gsme, hub, esme_hub, combination, first_day, last_day
-- codes     code                                              the alert codes that are meant
-- $device                                                     ESME, GSME or CHF
-- $product                                                    the model: ESME:FF01/00010100
-- $took                                                       with the firmware of the fix
-- $days, $least       days looked at on each side, and how many of them have to be loaded
--
-- A premises took it where the next combination differs in nothing but that Device's firmware. A
-- premises that had not yet is given, in turn, the day of one that had its combination and took it,
-- and stands for it where it kept its combination around that day. The day itself is left out.
-- A row adds up over its premises: b and a are the alerts before and after, counted up to a limit,
-- p and q the days before and after; bb, ba, … are the sums of their products. Integers throughout.

CREATE TEMP TABLE loaded AS
SELECT DISTINCT day FROM alerts;

-- Stays of premises with the model, and what else they have.
CREATE TEMP TABLE held AS
SELECT
    premises, region, combination, first_day, last_day, firmware,
    CASE $device
        WHEN 'ESME' THEN concat(gsme, ' ', hub)
        WHEN 'GSME' THEN concat(esme, ' ', hub)
        ELSE concat(esme, ' ', gsme)
    END AS others
FROM (
    SELECT
        *, CASE $device WHEN 'ESME' THEN esme WHEN 'GSME' THEN gsme ELSE hub END AS firmware
    FROM exposure
) AS devices
WHERE split_part(firmware, '@', 1) = $product;

-- The first change of a premises to that firmware.
CREATE TEMP TABLE took AS
SELECT * FROM (
    SELECT
        earlier.premises, earlier.region, earlier.combination, earlier.first_day AS from_day,
        later.first_day AS changed, later.last_day AS to_day,
        row_number() OVER (
            PARTITION BY earlier.premises ORDER BY later.first_day, earlier.last_day DESC
        ) AS turn
    FROM held AS earlier
    JOIN held AS later
        ON later.premises = earlier.premises AND later.region = earlier.region
        AND later.others = earlier.others AND later.first_day > earlier.last_day
        AND later.firmware = $took AND earlier.firmware <> $took
) AS changes
WHERE turn = 1;

CREATE TEMP TABLE days_taken AS
SELECT
    region, combination, changed,
    row_number() OVER (PARTITION BY region, combination ORDER BY premises) - 1 AS turn,
    count(*) OVER (PARTITION BY region, combination) AS turns
FROM took;

-- Who had not yet: a later one may stand for an earlier one, before its own change.
CREATE TEMP TABLE not_yet AS
SELECT held.premises, held.region, held.combination, from_day, days_taken.changed, to_day
FROM (
    SELECT
        premises, region, combination, first_day AS from_day, last_day AS to_day,
        row_number() OVER (PARTITION BY region, combination ORDER BY premises, first_day) AS number
    FROM held
    WHERE firmware <> $took
) AS held
JOIN days_taken
    ON days_taken.region = held.region AND days_taken.combination = held.combination
    AND days_taken.turn = held.number % days_taken.turns;

-- Both, with the days that are looked at on each side.
CREATE TEMP TABLE looked_at AS
SELECT
    row_number() OVER (ORDER BY did, premises, from_day, changed) AS unit,
    did, premises, region, combination, changed,
    greatest(from_day, CAST(changed - CAST($days AS INTEGER) AS DATE)) AS from_day,
    least(to_day, CAST(changed + CAST($days AS INTEGER) AS DATE)) AS to_day
FROM (
    SELECT 1 AS did, premises, region, combination, from_day, changed, to_day FROM took
    UNION ALL
    SELECT 0 AS did, premises, region, combination, from_day, changed, to_day FROM not_yet
) AS each
WHERE from_day < changed AND to_day > changed;

-- How many loaded days each side has, counted once for each window.
CREATE TEMP TABLE windows AS
SELECT
    from_day, changed, to_day,
    CAST(sum(CASE WHEN day < changed THEN 1 ELSE 0 END) AS BIGINT) AS before_days,
    CAST(sum(CASE WHEN day > changed THEN 1 ELSE 0 END) AS BIGINT) AS after_days
FROM (SELECT DISTINCT from_day, changed, to_day FROM looked_at) AS windows
JOIN loaded ON loaded.day BETWEEN from_day AND to_day
GROUP BY from_day, changed, to_day;

CREATE TEMP TABLE units AS
SELECT looked_at.*, before_days, after_days
FROM looked_at
JOIN windows
    ON windows.from_day = looked_at.from_day AND windows.changed = looked_at.changed
    AND windows.to_day = looked_at.to_day
WHERE before_days >= $least AND after_days >= $least;

CREATE TEMP TABLE sent AS
SELECT
    unit,
    CAST(sum(CASE WHEN day < changed THEN alerts ELSE 0 END) AS BIGINT) AS before_alerts,
    CAST(sum(CASE WHEN day > changed THEN alerts ELSE 0 END) AS BIGINT) AS after_alerts
FROM alerts
JOIN codes ON codes.code = alerts.alert_code
JOIN units
    ON units.premises = alerts.premises AND alerts.day BETWEEN units.from_day AND units.to_day
GROUP BY unit;

-- What one premises is counted for at most, before and after together, as in correlate.sql. Above
-- it both are made less in proportion, so that what is left of its alerts stays the same.
CREATE TEMP TABLE most AS
SELECT coalesce(5 * min(alerts), 0) AS most
FROM (
    SELECT
        alerts, sum(units) OVER (ORDER BY alerts) AS within, sum(units) OVER () AS units
    FROM (
        SELECT before_alerts + after_alerts AS alerts, count(*) AS units
        FROM sent
        WHERE before_alerts + after_alerts > 0
        GROUP BY before_alerts + after_alerts
    ) AS sizes
) AS ordered
WHERE 10 * within >= 9 * units;

CREATE TEMP TABLE counted AS
SELECT
    did, region, combination, before_days AS p, after_days AS q,
    coalesce(before_alerts, 0) AS before_alerts, coalesce(after_alerts, 0) AS after_alerts,
    CASE
        WHEN before_alerts + after_alerts > most
            THEN (2 * before_alerts * most + before_alerts + after_alerts)
                // (2 * (before_alerts + after_alerts))
        ELSE coalesce(before_alerts, 0)
    END AS b,
    CASE
        WHEN before_alerts + after_alerts > most
            THEN (2 * after_alerts * most + before_alerts + after_alerts)
                // (2 * (before_alerts + after_alerts))
        ELSE coalesce(after_alerts, 0)
    END AS a
FROM units
LEFT JOIN sent ON sent.unit = units.unit
CROSS JOIN most;

SELECT
    region, combination, did, count(*) AS premises,
    CAST(sum(CASE WHEN b > 0 THEN 1 ELSE 0 END) AS BIGINT) AS alerting_before,
    CAST(sum(CASE WHEN a > 0 THEN 1 ELSE 0 END) AS BIGINT) AS alerting_after,
    CAST(sum(before_alerts) AS BIGINT) AS before_alerts,
    CAST(sum(after_alerts) AS BIGINT) AS after_alerts,
    CAST(sum(b) AS BIGINT) AS b, CAST(sum(a) AS BIGINT) AS a,
    CAST(sum(p) AS BIGINT) AS p, CAST(sum(q) AS BIGINT) AS q,
    CAST(sum(b * b) AS BIGINT) AS bb, CAST(sum(b * a) AS BIGINT) AS ba,
    CAST(sum(b * p) AS BIGINT) AS bp, CAST(sum(b * q) AS BIGINT) AS bq,
    CAST(sum(a * a) AS BIGINT) AS aa, CAST(sum(a * p) AS BIGINT) AS ap,
    CAST(sum(a * q) AS BIGINT) AS aq, CAST(sum(p * p) AS BIGINT) AS pp,
    CAST(sum(p * q) AS BIGINT) AS pq, CAST(sum(q * q) AS BIGINT) AS qq
FROM counted
GROUP BY region, combination, did;
