-- Premises of which the inventory may not say what they had on a day: all but those that have had
-- the same from the first of the days on. Looked at once for many logs.
--
-- numbers     premises, …                         see premises.sql
-- exposure    premises, first_day, last_day, …    see exposure.sql
-- $first      the first of the days
CREATE OR REPLACE TEMP TABLE doubtful AS
SELECT DISTINCT premises
FROM numbers
WHERE premises NOT IN (
    SELECT premises FROM exposure
    WHERE first_day <= CAST($first AS DATE) AND last_day = DATE '9999-12-31'
);
