-- Alerts and exposure of a window of days, as sums that can be added, for each region, alert code
-- and level: the region, ESME, GSME, Communications Hub, ESME with Hub, full combination.
--
-- alerts    premises, device_type, alert_code, alerts, day    kept alerts, one row a premises,
--                                                             Device Type, code and day
-- exposure  premises, region, esme, gsme, hub, esme_hub, combination, first_day, last_day
--                                                             which combination from when to when
-- $since, $until                                              first and last day, YYYY-MM-DD
--
-- A row of the answer without a code ('') is the exposure of its level: its premises and their
-- days. A row with a code has the premises that sent it and their alerts. ``late`` is how many of
-- the days, or of the alerts, lie in the second half of the window.
--
-- For comparing, a premises is ``counted`` for its alerts up to a limit, and for the standard error
-- clustered by premises a row adds up over its premises: counted times counted, counted times days,
-- days times days. Where a premises changed its combination, the second factor of the first and of
-- the last is what the premises has in the whole region: so rows can be added, and what one
-- premises sent from two combinations is still one premises' doing.
-- Everything is an integer.

-- Days that were loaded, numbered; those of the second half are late.
CREATE TEMP TABLE loaded AS
SELECT day, number, CASE WHEN 2 * number > days THEN 1 ELSE 0 END AS late
FROM (
    SELECT day, row_number() OVER (ORDER BY day) AS number, count(*) OVER () AS days
    FROM (
        SELECT DISTINCT day FROM alerts
        WHERE day BETWEEN CAST($since AS DATE) AND CAST($until AS DATE)
    ) AS seen
) AS numbered;

-- How many of them lie between two days.
CREATE TEMP TABLE spans AS
SELECT first_day, last_day, count(*) AS days, CAST(sum(late) AS BIGINT) AS late
FROM (SELECT DISTINCT first_day, last_day FROM exposure) AS spans
JOIN loaded ON loaded.day BETWEEN first_day AND last_day
GROUP BY first_day, last_day;

-- Each combination of a region under a number of this run.
CREATE TEMP TABLE cells AS
SELECT
    row_number() OVER (ORDER BY region, combination, esme, gsme, hub, esme_hub) AS cell,
    region, combination, esme, gsme, hub, esme_hub
FROM (
    SELECT DISTINCT region, combination, esme, gsme, hub, esme_hub FROM exposure
) AS combinations;

-- A premises at one combination, for so many loaded days.
CREATE TEMP TABLE stays AS
SELECT
    row_number() OVER (ORDER BY exposure.premises, first_day, last_day, cell) AS stay,
    exposure.premises, cell, first_day, last_day, days, late,
    CAST(sum(days) OVER (PARTITION BY exposure.premises, exposure.region) AS BIGINT) AS all_days,
    count(*) OVER (PARTITION BY exposure.premises) AS stays
FROM exposure
JOIN spans USING (first_day, last_day)
JOIN cells USING (region, combination, esme, gsme, hub, esme_hub);

-- What each stay sent of each code.
CREATE TEMP TABLE said AS
SELECT
    stay, alert_code,
    CAST(sum(alerts) AS BIGINT) AS alerts,
    CAST(sum(CASE WHEN late = 1 THEN alerts ELSE 0 END) AS BIGINT) AS late,
    min(day) AS first_day,
    max(day) AS last_day
FROM (
    SELECT stay, alert_code, alerts, loaded.late, alerts.day
    FROM alerts
    JOIN loaded ON loaded.day = alerts.day
    JOIN stays ON stays.premises = alerts.premises
        AND alerts.day BETWEEN stays.first_day AND stays.last_day
) AS placed
GROUP BY stay, alert_code;

-- What one premises is counted for at most: five times what nine in ten of those that alerted stay
-- within. So a few that send thousands do not decide for thousands that send a few.
CREATE TEMP TABLE most AS
SELECT region, alert_code, 5 * min(alerts) AS most
FROM (
    SELECT
        region, alert_code, alerts,
        sum(stays) OVER (PARTITION BY region, alert_code ORDER BY alerts) AS within,
        sum(stays) OVER (PARTITION BY region, alert_code) AS stays
    FROM (
        SELECT cells.region, said.alert_code, said.alerts, count(*) AS stays
        FROM said
        JOIN stays ON stays.stay = said.stay
        JOIN cells ON cells.cell = stays.cell
        GROUP BY cells.region, said.alert_code, said.alerts
    ) AS sizes
) AS ordered
WHERE 10 * within >= 9 * stays
GROUP BY region, alert_code;

CREATE TEMP VIEW sent AS
SELECT
    said.alert_code, stays.cell, cells.region, stays.premises, stays.stays, stays.days, alerts,
    least(alerts, most) AS counted, said.late, said.first_day, said.last_day
FROM said
JOIN stays ON stays.stay = said.stay
JOIN cells ON cells.cell = stays.cell
JOIN most ON most.region = cells.region AND most.alert_code = said.alert_code;

-- Premises that changed their combination, one row a stay: each counts once at every level.
CREATE TEMP TABLE moved AS
SELECT
    alert_code, cell, premises, alerts, counted,
    CAST(sum(counted) OVER (PARTITION BY premises, region, alert_code) AS BIGINT) AS all_counted,
    days, late, first_day, last_day
FROM sent
WHERE stays > 1;

CREATE TEMP TABLE parts AS
SELECT
    cell, '' AS alert_code, count(*) AS stayed, CAST(NULL AS BIGINT) AS premises,
    CAST(0 AS BIGINT) AS alerts, CAST(0 AS BIGINT) AS counted, CAST(0 AS BIGINT) AS squares,
    CAST(0 AS BIGINT) AS products, CAST(sum(days) AS BIGINT) AS days,
    CAST(sum(days * days) AS BIGINT) AS days_squared, CAST(sum(late) AS BIGINT) AS late,
    CAST(NULL AS DATE) AS first_day, CAST(NULL AS DATE) AS last_day
FROM stays
WHERE stays = 1
GROUP BY cell
UNION ALL
SELECT
    cell, '' AS alert_code, 0 AS stayed, premises, 0 AS alerts, 0 AS counted, 0 AS squares,
    0 AS products, days, days * all_days AS days_squared, late, NULL AS first_day, NULL AS last_day
FROM stays
WHERE stays > 1
UNION ALL
SELECT
    cell, alert_code, count(*) AS stayed, NULL AS premises, CAST(sum(alerts) AS BIGINT) AS alerts,
    CAST(sum(counted) AS BIGINT) AS counted, CAST(sum(counted * counted) AS BIGINT) AS squares,
    CAST(sum(counted * days) AS BIGINT) AS products, 0 AS days, 0 AS days_squared,
    CAST(sum(late) AS BIGINT) AS late, min(first_day) AS first_day, max(last_day) AS last_day
FROM sent
WHERE stays = 1
GROUP BY cell, alert_code
UNION ALL
SELECT
    cell, alert_code, 0 AS stayed, premises, alerts, counted, counted * all_counted AS squares,
    counted * days AS products, 0 AS days, 0 AS days_squared, late, first_day, last_day
FROM moved;

SELECT
    region, alert_code,
    CASE
        WHEN grouping(combination) = 0 THEN 'combination'
        WHEN grouping(esme_hub) = 0 THEN 'esme-hub'
        WHEN grouping(esme) = 0 THEN 'esme'
        WHEN grouping(gsme) = 0 THEN 'gsme'
        WHEN grouping(hub) = 0 THEN 'hub'
        ELSE 'region'
    END AS level,
    esme, gsme, hub, esme_hub, combination,
    CAST(sum(stayed) AS BIGINT) + count(DISTINCT premises) AS premises,
    CAST(sum(alerts) AS BIGINT) AS alerts,
    CAST(sum(counted) AS BIGINT) AS counted,
    CAST(sum(squares) AS BIGINT) AS squares,
    CAST(sum(products) AS BIGINT) AS products,
    CAST(sum(days) AS BIGINT) AS days,
    CAST(sum(days_squared) AS BIGINT) AS days_squared,
    CAST(sum(late) AS BIGINT) AS late,
    CAST(min(first_day) AS VARCHAR) AS first_day,
    CAST(max(last_day) AS VARCHAR) AS last_day
FROM parts
JOIN cells USING (cell)
GROUP BY GROUPING SETS (
    (region, alert_code),
    (region, alert_code, esme),
    (region, alert_code, gsme),
    (region, alert_code, hub),
    (region, alert_code, esme, hub, esme_hub),
    (region, alert_code, esme, gsme, hub, esme_hub, combination)
);
